/** How long ago something was, on a machine whose process may have been frozen and whose clock may be corrected. */

import type { MonotonicClock } from '../base/clock.ts';

/** A moment on both clocks. */
export interface Moment {
  wallMs: number;
  monotonicMs: number;
}

export function momentOf(clock: MonotonicClock): Moment {
  return { wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs() };
}

/**
 * Milliseconds since a moment by the clock that says more: a frozen Lambda's monotonic clock may have stood still, and a
 * corrected wall clock may have gone back.
 */
export function sinceMs(moment: Moment, clock: MonotonicClock): number {
  return Math.max(0, clock.now().getTime() - moment.wallMs, clock.monotonicMs() - moment.monotonicMs);
}
