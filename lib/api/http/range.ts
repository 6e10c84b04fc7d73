/** The range of time that the parameters `from` and `to` select. */

import type { TimeRange } from '../../store/store.ts';
import { badRequest } from './problem.ts';

export interface RangeQuery {
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * @param defaultFromMs The beginning where `from` is absent, from the end of the range; in milliseconds since 1970.
 * @throws {Problem} `bad_request` when the range ends before it begins.
 */
export function rangeOf({ from, to }: RangeQuery, now: Date, defaultFromMs: (toMs: number) => number): TimeRange {
  const toMs = to === undefined ? now.getTime() : Date.parse(to);
  const fromMs = from === undefined ? defaultFromMs(toMs) : Date.parse(from);
  const range = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  if (fromMs > toMs) {
    throw badRequest([{ field: 'from', message: `expected a time not after ${range.to}; got ${range.from}` }]);
  }
  return range;
}
