export { CloudError, type CloudErrorClass } from './cloud-error.ts'
export type * from './eip-cloud.ts'
