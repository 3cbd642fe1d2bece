import { accountLimits } from './account-limits.ts'
import { allKilled } from './all-killed.ts'
import { apiServer } from './api-server.ts'
import { clocks } from './clocks.ts'
import { cloudAnswers } from './cloud-answers.ts'
import { cloudQuota } from './cloud-quota.ts'
import type { Fault } from './fault.ts'
import { killed } from './killed.ts'
import { lyingList } from './lying-list.ts'
import { meddling } from './meddling.ts'
import { pace } from './pace.ts'
import { postgres } from './postgres.ts'
import { queueMessages } from './queue-messages.ts'
import { redisEmptied } from './redis-emptied.ts'
import { restoredBackup } from './restored-backup.ts'
import { staleReads } from './stale-reads.ts'
import { teardown } from './teardown.ts'

/** All that goes wrong in the stories. Of a call's fates the first counts. */
export const faults: readonly Fault[] = [
  ...[killed, allKilled, pace, clocks],
  ...[cloudAnswers, cloudQuota, accountLimits, staleReads],
  ...[apiServer, lyingList],
  ...[postgres, restoredBackup, queueMessages, redisEmptied],
  ...[meddling, teardown],
]
