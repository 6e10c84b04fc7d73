/** Measures how long ago something was, also when the process was frozen or the clock was set meanwhile. */

import type { MonotonicClock } from '../base/clock.ts';

/** A moment on the wall clock and on the monotonic clock. */
export interface Moment {
  wallMs: number;
  monotonicMs: number;
}

export function momentOf(clock: MonotonicClock): Moment {
  return { wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs() };
}

/**
 * Milliseconds since a moment, by the clock that gives more. In a frozen Lambda function the monotonic clock can stop, and the
 * wall clock can be set back.
 */
export function sinceMs(moment: Moment, clock: MonotonicClock): number {
  return Math.max(0, clock.now().getTime() - moment.wallMs, clock.monotonicMs() - moment.monotonicMs);
}
