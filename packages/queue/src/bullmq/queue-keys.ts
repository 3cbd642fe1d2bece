/** BullMQ's name for the queue of intents. */
export const queueName = 'intents'

/** Job ids must not look like numbers or contain colons; the encoding keeps different intents apart. */
export function jobIdOf(intentId: string): string {
  return `intent-${encodeURIComponent(intentId)}`
}

/** BullMQ's keys that are read here, below a prefix such as `{pod-eip:<cluster id>}`. */
export function queueKeys(prefix: string) {
  const base = `${prefix}:${queueName}`
  return {
    waiting: `${base}:wait`,
    active: `${base}:active`,
    delayed: `${base}:delayed`,
    job: (jobId: string) => `${base}:${jobId}`,
    /** Ours: vanishes with everything else when Redis is emptied. */
    marker: `${prefix}:marker`,
  }
}

/** BullMQ scores delayed jobs by due time times this, plus a counter. */
export const delayedScoreUnit = 0x1000
