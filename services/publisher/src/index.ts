export { reclaimFinalizer } from './claim-object/claim-object.ts'
export { fieldManager } from './field-manager.ts'
export { publisherCheckpoint } from './follow-log.ts'
export {
  createPublisher,
  type Publisher,
  type PublisherDeps,
  type PublisherHealth,
  type PublisherSettings,
} from './publisher.ts'
export { publisherSettings } from './publisher-settings.ts'
export { startPublisher } from './start.ts'
