export { createOwnerChain } from './owner-chain.ts'
