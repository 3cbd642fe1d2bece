export {
  type CloudConfig,
  type CloudConfigInput,
  type CloudConfigPatch,
  cloudConfigSchema,
} from './config.ts'
export { createSimulatedEipCloud, type SimulatedEipCloudOptions, simulatedVpcApi } from './eip-cloud.ts'
export type { Fault, FaultInput } from './faults/fault.ts'
export type { ActiveFault, CallFate, FaultSwitches } from './faults/fault-switches.ts'
export {
  type ServedCloudSimulator,
  type ServeOptions,
  serveCloudSimulator,
} from './http/serve-cloud-simulator.ts'
export { readStateFile } from './http/state-file.ts'
export type { AddressMarks, Bill, RegionControl } from './region-control.ts'
export {
  type ApiAnswer,
  type ApiCall,
  type CloudSimulator,
  type CloudSimulatorOptions,
  createCloudSimulator,
} from './simulator.ts'
export type { AccountState, CloudState, LedgerEntry, LedgerEvent, SimulatedAddress } from './state/state.ts'
