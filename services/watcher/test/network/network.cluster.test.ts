import { watcherOverNetwork } from './network.contract.ts'
import { startRealApi } from './real-api.ts'

watcherOverNetwork('of a real kube-apiserver', startRealApi)
