export { startWorker } from './start.ts'
export { createWorker, type Worker, type WorkerDeps } from './worker.ts'
export { assertSettles, workerSettings } from './worker-settings.ts'
