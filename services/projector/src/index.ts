export { createProjector, type Projector, type ProjectorDeps } from './projector.ts'
export { projectorSettings } from './projector-settings.ts'
export { startProjector } from './start.ts'
