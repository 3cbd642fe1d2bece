export { startAllInOne } from './start.ts'
