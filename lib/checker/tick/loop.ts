/** The schedule of a long-running process: a tick at once, then one at each multiple of the period. */

import type { Clock } from '../../base/clock.ts';

/**
 * Calls `tick` until the signal aborts. Ticks never overlap: after a tick longer than the period, the next tick comes
 * at the next multiple. `tick` must not reject.
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
    // Multiples are counted from the epoch, like the providers' intervals, so each interval gets its own ticks.
    time = new Date((Math.floor(now / periodMs) + 1) * periodMs);
    await clock.sleep(time.getTime() - now, stopping);
  }
}
