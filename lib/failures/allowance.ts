/** A limit that refills only after an hour is an allowance, whatever it is called: fewer calls do not help then. */

import type { Category } from '../health/category.ts';
import type { Advice } from './advice.ts';
import { LONGEST_MS } from './retry-after.ts';

export function byItsWait<J extends { category: Category; advice: Advice | null }>(
  judged: J,
  waitMs: number | null,
): J {
  return judged.category === 'rate_limited' && waitMs !== null && waitMs >= LONGEST_MS
    ? { ...judged, category: 'quota', advice: 'wait' }
    : judged;
}
