export { handleIntent, type IntentHandling } from './handle-intent.ts'
export { startWorker } from './start.ts'
export type { WorkerSettings } from './steps/step.ts'
export { createWorker, type Worker, type WorkerDeps } from './worker.ts'
