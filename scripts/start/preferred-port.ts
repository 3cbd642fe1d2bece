/** Listens on the preferred port, or on any free one where another program has it. */
export async function onPreferredPort<T>(
  preferred: number,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await listen(preferred)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return listen(0)
  }
}
