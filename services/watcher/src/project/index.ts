export { projectEipClaim } from './project-eip-claim.ts'
export { projectNode } from './project-node.ts'
export { projectPod } from './project-pod.ts'
