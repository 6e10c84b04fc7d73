/** Remembers which providers failed in this process. They are tried last until the monitor has had time to notice. */

export interface FailureMemory {
  /** @param untilMs Time on the caller's clock, in milliseconds. */
  remember(provider: string, untilMs: number): void;
  forget(provider: string): void;
  /** The ids, with providers that failed recently after the others. */
  ordered<Id extends string>(ids: readonly Id[], nowMs: number): Id[];
}

export function createFailureMemory(): FailureMemory {
  const until = new Map<string, number>();
  return {
    remember: (provider, untilMs) => void until.set(provider, untilMs),
    forget: (provider) => void until.delete(provider),
    ordered(ids, nowMs) {
      const failedNow = (id: string) => (until.get(id) ?? 0) > nowMs;
      return [...ids.filter((id) => !failedNow(id)), ...ids.filter(failedNow)];
    },
  };
}

const memories = new WeakMap<object, FailureMemory>();
const ofProcess = {};

/** The memory of a reader; without a reader, that of the process. */
export function memoryOf(reader: object = ofProcess): FailureMemory {
  const found = memories.get(reader) ?? createFailureMemory();
  memories.set(reader, found);
  return found;
}
