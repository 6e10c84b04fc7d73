/** Turns a deadline and a stop into one signal. */

import type { Clock } from '../../base/clock.ts';

/**
 * Runs `work` with a signal that aborts at `endsAt` (null: no deadline), or when `stopping` aborts. Leaves no timer
 * behind.
 */
export async function withDeadline<T>(
  clock: Clock,
  endsAt: Date | null,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const done = new AbortController();
  if (endsAt) {
    const leftMs = Math.max(0, endsAt.getTime() - clock.now().getTime());
    if (leftMs === 0) over.abort();
    else void clock.sleep(leftMs, done.signal).then(() => over.abort());
  }
  try {
    return await work(AbortSignal.any([over.signal, stopping]));
  } finally {
    done.abort();
  }
}
