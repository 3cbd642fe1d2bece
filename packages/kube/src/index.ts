export * from './cluster.ts'
export * from './resources.ts'
