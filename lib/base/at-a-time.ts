/** Runs asynchronous work for each entry of a list, with a bound on how many run in parallel. */

/** Rejects with the first error. Work on other entries that has begun continues. */
export async function eachAtATime<T>(
  things: readonly T[],
  atATime: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const left = things.values();
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (const thing of left) await work(thing);
    }),
  );
}
