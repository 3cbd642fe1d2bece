export { allSettings, settingsByService } from './settings.ts'
export { startAllInOne } from './start.ts'
