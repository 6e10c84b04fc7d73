/** Which providers failed just now, in this process: they are tried last until the monitor has had time to see it. */

export interface FailureMemory {
  /** @param untilMs On the clock of its caller. */
  remember(provider: string, untilMs: number): void;
  forget(provider: string): void;
  /** The ids with those that failed just now behind the others. */
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

/** The memory that belongs to a reader; without one, the process's. */
export function memoryOf(reader: object = ofProcess): FailureMemory {
  const found = memories.get(reader) ?? createFailureMemory();
  memories.set(reader, found);
  return found;
}
