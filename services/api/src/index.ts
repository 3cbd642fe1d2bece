export { type ApiDeps, createApi } from './routes.ts'
export { startApi } from './start.ts'
