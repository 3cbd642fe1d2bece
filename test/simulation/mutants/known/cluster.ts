import type { Mutant } from '../mutant.ts'

/** Mistakes in what is seen of the cluster, and told to it. */
export const clusterMutants: readonly Mutant[] = [
  {
    name: 'list-without-a-difference',
    mistake: 'After a 410 the watcher lists, and does not look for what has gone meanwhile.',
    file: 'services/watcher/src/record/record-pods.ts',
    find: 'for (const [claim, pod] of [...belief]) {',
    replace: 'for (const [claim, pod] of [...belief].slice(belief.size)) {',
  },
  {
    name: 'replacement-not-seen',
    mistake:
      'A Pod that was deleted and made again under its name while nobody watched is taken for the same.',
    file: 'services/watcher/src/record/record-pods.ts',
    find: 'if (known?.uid === seen.uid) {',
    replace: 'if (known) {',
  },
  {
    name: 'object-outlives-its-claim',
    mistake: 'The EIPClaim of a claim that is over stays.',
    file: 'services/publisher/src/claim-object/next-step.ts',
    find: 'if (!claim || !(seen.ours || seen.hasFinalizer)) return null',
    replace: 'if (!claim || seen.ours) return null',
  },
]
