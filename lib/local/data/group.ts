/** Groups calls of a slow step. */

/**
 * Returns a function that resolves after a complete run of `step` that began after the call. Calls during a run all
 * wait for the next run, which starts when the current one ends. A failed run rejects the calls that waited for it.
 */
export function grouped(step: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  return () => {
    next ??= running
      .catch(() => {})
      .then(() => {
        next = null;
        return step();
      });
    running = next;
    return next;
  };
}
