/** What to try next, in the order in which it makes sense. */
export function nextSteps(simulatedCluster: boolean): string[] {
  const kubectl = simulatedCluster ? 'npm run kubectl --' : 'kubectl'
  return [
    'Try next, in another terminal:',
    `  ${kubectl} get eipc -A -o wide`,
    ...(simulatedCluster
      ? [
          `  ${kubectl} delete pod busybox-0          # a new Pod of the name takes the same address back`,
          `  ${kubectl} scale sts busybox --replicas=1 # its EIP is retained …`,
          `  ${kubectl} delete eipc busybox-1         # … until the claim is deleted`,
          `  ${kubectl} describe eipc busybox-0`,
        ]
      : []),
    '  npm run eipctl -- history default/busybox-0',
    '  npm run eipctl -- who ADDRESS --at TIME',
    'Ctrl-C stops; the next start goes on from here (npm start -- --fresh begins anew).',
  ]
}
