export * from './orders.ts'
export * from './worker-stage.ts'
