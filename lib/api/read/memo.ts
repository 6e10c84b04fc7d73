/** Caches values that are expensive to read and often requested. */

/**
 * Caches values in this process. Only one read for each key runs at a time. A failed read is not cached.
 *
 * @param keptMs Lifetime of a value in milliseconds, from the beginning of its read.
 */
export function memo<T>(keptMs: number, now: () => Date): (key: string, read: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { fromMs: number; value: Promise<T> }>();
  return (key, read) => {
    const nowMs = now().getTime();
    for (const [other, { fromMs }] of kept) {
      // `nowMs < fromMs`: the clock was set back, so the value's age is not known.
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
