/** Does work on many things, a bounded number of them at a time. */

/** Rejects with the first failure; the work on the others goes on. */
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
