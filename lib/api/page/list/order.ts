/**
 * Which providers the overview lists, and in which order. Equal providers are ordered by name, so that no refresh moves
 * them.
 */

import type { AgedStatus } from '../../../health/aged-status.ts';
import type { PastDays } from '../../../health/uptime/past-days.ts';
import { type Standing, standingOf } from '../../../wording/status-words.ts';
import type { View } from './view.ts';

/** `unhealthy` and `blacklisted` have the same rank: for a person who looks for trouble they mean the same. */
const RANKS: Record<Standing, number> = {
  unhealthy: 0,
  blacklisted: 0,
  degraded: 1,
  recovering: 2,
  stale: 3,
  unknown: 3,
  healthy: 4,
  disabled: 5,
};

export function matches({ standings, tag, search }: View, status: AgedStatus): boolean {
  if (standings.length > 0 && !standings.includes(standingOf(status))) return false;
  if (tag !== null && !status.tags.includes(tag)) return false;
  const text = search.toLowerCase();
  return [status.provider, status.model, ...status.tags].some((one) => one.toLowerCase().includes(text));
}

/** @param pastOf Used only by the sort `usable`. */
export function inOrder(
  statuses: readonly AgedStatus[],
  { sort, isReversed }: View,
  pastOf: (provider: string) => PastDays | null,
): AgedStatus[] {
  const sign = isReversed ? -1 : 1;
  const byId = [...statuses].sort(byName);
  switch (sort) {
    case 'trouble':
      return byId.sort((a, b) => sign * (RANKS[standingOf(a)] - RANKS[standingOf(b)]));
    case 'name':
      return isReversed ? byId.reverse() : byId;
    case 'response':
      return byFigure(byId, (one) => (one.lastCheck?.isHealthy ? one.lastCheck.responseTimeMs : null), -sign);
    case 'usable':
      return byFigure(byId, ({ provider }) => pastOf(provider)?.usablePercentage ?? null, sign);
    case 'routing':
      return byFigure(byId, ({ routingScore }) => routingScore, -sign);
    default: {
      const never: never = sort;
      return never;
    }
  }
}

/** Compares numbers in names by value: `claude-2` comes before `claude-10`. */
const NAMES = new Intl.Collator('en', { numeric: true });

function byName({ provider: a }: AgedStatus, { provider: b }: AgedStatus): number {
  return NAMES.compare(a, b) || (a < b ? -1 : 1);
}

/** Sorts by a figure. Providers without a figure are last, in both directions. */
function byFigure(statuses: AgedStatus[], figureOf: (status: AgedStatus) => number | null, sign: number): AgedStatus[] {
  return statuses
    .map((status) => ({ status, figure: figureOf(status) }))
    .sort(({ figure: x }, { figure: y }) => {
      if (x === null || y === null) return Number(x === null) - Number(y === null);
      return sign * (x - y);
    })
    .map(({ status }) => status);
}
