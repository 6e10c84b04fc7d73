/** How far a lease can reach: one that ends later was written by a clock that was ahead, and holds no one off. */

import { MAX_AHEAD_MS } from '../health/future.ts';

/** When a lease of this length ends at the latest, in epoch milliseconds. */
export function lastLeaseMs(now: Date, leaseMs: number): number {
  return now.getTime() + leaseMs + MAX_AHEAD_MS;
}
