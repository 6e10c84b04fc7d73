/** The one place where the reader reads the time and waits, so that tests can do both at will. */

export interface Clock {
  now(): Date;
  /** Milliseconds that only grow, from any origin. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
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

/** A moment on both clocks. */
export interface Moment {
  wallMs: number;
  monotonicMs: number;
}

export function momentOf(clock: Clock): Moment {
  return { wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs() };
}

/**
 * Milliseconds since a moment by the clock that says more: a frozen Lambda's monotonic clock may have stood still, and a
 * corrected wall clock may have gone back.
 */
export function sinceMs(moment: Moment, clock: Clock): number {
  return Math.max(0, clock.now().getTime() - moment.wallMs, clock.monotonicMs() - moment.monotonicMs);
}
