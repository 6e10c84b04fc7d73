/** The schedule of a process that lives: a tick at once, then one at each multiple of the period. */

import type { Clock } from '../../base/clock.ts';

/**
 * Calls `tick` until the signal aborts. A tick that lasts longer than the period is followed by the next multiple, never
 * overlapped. `tick` must not reject.
 */
export async function runEvery(
  clock: Clock,
  periodSeconds: number,
  stopping: AbortSignal,
  tick: (time: Date) => Promise<void>,
): Promise<void> {
  const periodMs = periodSeconds * 1000;
  let time = clock.now();
  while (!stopping.aborted) {
    await tick(time);
    const now = clock.now().getTime();
    // Multiples of the period, counted from the epoch, fall into the providers' own intervals one by one.
    time = new Date((Math.floor(now / periodMs) + 1) * periodMs);
    await clock.sleep(time.getTime() - now, stopping);
  }
}
