export { apiSettings } from './api-settings.ts'
export { type ApiDeps, createApi } from './routes.ts'
export { startApi } from './start.ts'
