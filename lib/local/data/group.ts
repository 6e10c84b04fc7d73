/** One slow step for all that ask for it meanwhile. */

/**
 * A function that resolves when `step` ran once from its beginning after the call. While one run is under way, all further
 * calls wait for the next one, which starts when it ends. A run that fails, fails for those that waited for it.
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
