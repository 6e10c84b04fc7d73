/** A limit that refills only after an hour or more counts as `quota`, whatever its name is: fewer requests do not help then. */

import type { Category } from '../health/category.ts';
import type { Advice } from './advice.ts';
import type { Layer } from './layer.ts';
import { LONGEST_MS } from './retry-after.ts';

/** @param layers The layers of the answer. Pages of web servers and firewalls do not count, because they know no quota. */
export function byItsWait<J extends { category: Category; advice: Advice | null }>(
  judged: J,
  waitMs: number | null,
  layers: readonly Layer[],
): J {
  const isLong = waitMs !== null && waitMs >= LONGEST_MS;
  return judged.category === 'rate_limited' && isLong && layers.every(isOfApi)
    ? { ...judged, category: 'quota', advice: 'wait' }
    : judged;
}

function isOfApi({ codes, message }: Layer): boolean {
  if (codes.includes('text')) return /quota/i.test(message ?? '');
  return !codes.includes('html') && !codes.includes('empty');
}
