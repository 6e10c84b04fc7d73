/** Keeps for a while what is expensive to read and requested often. */

/**
 * Keeps values in this process, with one reading in flight for each key. One that failed is not kept.
 *
 * @param keptMs Milliseconds from the beginning of the reading.
 */
export function memo<T>(keptMs: number, now: () => Date): (key: string, read: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { fromMs: number; value: Promise<T> }>();
  return (key, read) => {
    const nowMs = now().getTime();
    for (const [other, { fromMs }] of kept) {
      // Begun later than now: the clock was set back, and nothing is known of its age.
      if (nowMs < fromMs || nowMs >= fromMs + keptMs) kept.delete(other);
    }
    const known = kept.get(key);
    if (known) return known.value;
    const value = read();
    kept.set(key, { fromMs: nowMs, value });
    value.catch(() => kept.get(key)?.value === value && kept.delete(key));
    return value;
  };
}
