/**
 * Which provider to use now, and in which order to try the rest. Pure: where the statuses come from, and what to do when
 * there are none, is the caller's.
 */

import { routingScore } from './score.ts';
import { isStale, type ProviderStatus } from './status.ts';

export const STRATEGIES = ['best', 'weighted'] as const;

/** `best`: by routing score. `weighted`: drawn at random, in proportion to it, so that load spreads. */
export type Strategy = (typeof STRATEGIES)[number];

/**
 * What a stale status is taken for. `assume-healthy` (default): usable, but behind every fresh one, so that a dead
 * monitor never drains routing. `last-known`: as it was. `assume-unhealthy`: not usable.
 */
export const STALE_POLICIES = ['assume-healthy', 'last-known', 'assume-unhealthy'] as const;

export type StalePolicy = (typeof STALE_POLICIES)[number];

export interface Selection {
  /** Ids that may be chosen. Default: all. */
  only?: readonly string[];
  /** Ids that may not be chosen. Default: none. */
  exclude?: readonly string[];
  /** Only providers that carry this tag. Default: all. */
  tag?: string;
  /** Default `best`. */
  strategy?: Strategy;
  /** Default `assume-healthy`. */
  whenStale?: StalePolicy;
}

export interface RankedProvider {
  status: ProviderStatus;
  usable: boolean;
  stale: boolean;
}

export interface Ranking {
  /** The one to try first leads. Without panic, usable ones only. */
  ranked: RankedProvider[];
  /**
   * No provider is usable, or fewer than half of three or more: the monitor may be wrong, and too few are left to carry
   * the load. Then all that are neither disabled nor drained are listed, best first.
   */
  panic: boolean;
}

/**
 * Orders the providers that may be used now.
 *
 * @param random Numbers from 0 (inclusive) to 1 (exclusive); only `weighted` asks for any.
 */
export function rank(
  statuses: readonly ProviderStatus[],
  selection: Selection,
  now: Date,
  random: () => number,
): Ranking {
  const whenStale = selection.whenStale ?? 'assume-healthy';
  const candidates = statuses
    .filter((status) => isCandidate(status, selection, now))
    .map((status) => {
      const stale = isStale(status, now);
      return { status, stale, usable: isUsable(status, stale, whenStale) };
    });
  const usable = candidates.filter((candidate) => candidate.usable);
  // None of any number, or fewer than half: of one or two that is only none, so both halves of the rule are in this line.
  const panic = usable.length * 2 < candidates.length;
  const ordered =
    selection.strategy === 'weighted' ? drawn(usable, whenStale, random) : usable.sort(byTierAndScore(whenStale));
  if (!panic) return { ranked: ordered, panic };
  const unusable = candidates.filter((candidate) => !candidate.usable).sort(byTierAndScore(whenStale));
  return { ranked: [...ordered, ...unusable], panic };
}

function isCandidate(status: ProviderStatus, selection: Selection, now: Date): boolean {
  if (!status.enabled || isDrained(status, now)) return false;
  if (selection.only && !selection.only.includes(status.provider)) return false;
  if (selection.exclude?.includes(status.provider)) return false;
  return selection.tag === undefined || status.tags.includes(selection.tag);
}

/** Whether the provider is taken out of selection by hand at `now`. */
export function isDrained(status: ProviderStatus, now: Date): boolean {
  return status.drainUntil !== null && now.toISOString() < status.drainUntil;
}

function isUsable(status: ProviderStatus, stale: boolean, whenStale: StalePolicy): boolean {
  if (!stale || whenStale === 'last-known') return status.isHealthy;
  return whenStale === 'assume-healthy';
}

/** Fresh before stale; among the unusable, unknown before known to be down, and down before blacklisted. */
function tier({ status, stale, usable }: RankedProvider, whenStale: StalePolicy): number {
  if (usable) return stale && whenStale === 'assume-healthy' ? 1 : 0;
  switch (status.state) {
    case 'healthy':
    case 'degraded':
    case 'unknown':
      return 2;
    case 'unhealthy':
      return 3;
    case 'blacklisted':
      return 4;
    default: {
      const never: never = status;
      return never;
    }
  }
}

/** The routing score it would have if it were usable: what tells the better of two that are not. */
function potential({ status }: RankedProvider): number {
  return routingScore(status, status.targetResponseMs);
}

function byTierAndScore(whenStale: StalePolicy): (a: RankedProvider, b: RankedProvider) => number {
  return (a, b) =>
    tier(a, whenStale) - tier(b, whenStale) ||
    potential(b) - potential(a) ||
    // Two that tie (both new, say) must not change places from call to call.
    (a.status.provider < b.status.provider ? -1 : 1);
}

/**
 * Draws without replacement in proportion to the score, tier by tier: each gets the key u^(1/score), and the keys are
 * sorted (Efraimidis and Spirakis, 2006).
 */
function drawn(candidates: readonly RankedProvider[], whenStale: StalePolicy, random: () => number): RankedProvider[] {
  return candidates
    .map((candidate) => ({
      candidate,
      tier: tier(candidate, whenStale),
      key: random() ** (1 / Math.max(potential(candidate), Number.EPSILON)),
    }))
    .sort((a, b) => a.tier - b.tier || b.key - a.key)
    .map(({ candidate }) => candidate);
}
