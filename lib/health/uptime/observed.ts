/** The part of a window in which a provider was monitored: what came before its first check is no gap. */

import type { Uptime, UptimePart } from './uptime.ts';

/** From the first part with a check on; empty when there is none. */
export function observedSeries({ series }: Pick<Uptime, 'series'>): UptimePart[] {
  const first = series.findIndex(({ checks }) => checks > 0);
  return first < 0 ? [] : series.slice(first);
}
