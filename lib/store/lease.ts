/** The latest valid end of a lease. A lease that ends later comes from a clock that was ahead, and is ignored. */

import { MAX_AHEAD_MS } from '../health/future.ts';

/** The latest time at which a lease of this length can end, in epoch milliseconds. */
export function lastLeaseMs(now: Date, leaseMs: number): number {
  return now.getTime() + leaseMs + MAX_AHEAD_MS;
}
