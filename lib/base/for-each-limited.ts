/** Runs asynchronous work for each item of a list, with a limit on how many run in parallel. */

/** Rejects with the first error. Work on other items that has begun continues. */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: limit }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
