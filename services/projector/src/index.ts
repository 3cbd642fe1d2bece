export { createProjector, type Projector, type ProjectorDeps } from './projector.ts'
export { startProjector } from './start.ts'
