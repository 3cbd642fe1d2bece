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
