/** The one place that reads the time and waits. Code takes a clock as an argument, so that tests can control both. */

export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** For code that measures how long something takes. The wall clock does not fit: it may be set while the code measures. */
export interface MonotonicClock extends Clock {
  /** Milliseconds since an arbitrary moment. The value never decreases. */
  monotonicMs(): number;
}

/** The result of `promise`; null when it takes longer than `ms`. Rejects when it rejects in time. */
export async function inTime<T>(promise: Promise<T>, ms: number, clock: Clock): Promise<T | null> {
  const ended = new AbortController();
  try {
    return await Promise.race([promise, clock.sleep(ms, ended.signal).then(() => null)]);
  } finally {
    ended.abort();
  }
}

export const systemClock: MonotonicClock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end);
    }),
};
