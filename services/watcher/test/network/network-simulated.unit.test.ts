import { watcherOverNetwork } from './network.contract.ts'
import { startSimulatedApi } from './simulated-api.ts'

watcherOverNetwork('of a simulated API server', startSimulatedApi)
