export { startWorker } from './start.ts'
export { createWorker, type Worker, type WorkerDeps } from './worker.ts'
export { workerSettings } from './worker-settings.ts'
