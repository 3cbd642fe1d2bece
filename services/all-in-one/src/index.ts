export { allSettings } from './settings.ts'
export { startAllInOne } from './start.ts'
