/** What has been started and must be ended, in the opposite order. */
export interface Cleanup {
  add(step: () => unknown): void
  /** Ends everything; a step that fails is told of and does not keep the others from ending. */
  run(onFailure: (error: unknown) => void): Promise<void>
}

export function createCleanup(): Cleanup {
  const steps: (() => unknown)[] = []
  return {
    add: (step) => void steps.push(step),
    async run(onFailure) {
      for (const step of steps.splice(0).reverse()) {
        try {
          await step()
        } catch (error) {
          onFailure(error)
        }
      }
    },
  }
}

/** Like Promise.all, but a failure waits for the others, so that what they start can be ended too. */
export async function together<T extends readonly unknown[]>(
  tasks: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(tasks)
  return Promise.all(tasks)
}
