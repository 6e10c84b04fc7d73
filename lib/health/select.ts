/**
 * Selects the provider to use now, and the order in which to try the others. The order has every enabled provider, in tiers,
 * so that a wrong verdict costs a router only time. Pure: the caller reads the statuses, and handles the case without any.
 */

import type { BriefStatus } from './brief-status.ts';
import { routingScore } from './score.ts';
import type { ProviderStatus } from './status.ts';
import { isStale } from './status-age.ts';

export const STRATEGIES = ['best', 'weighted'] as const;

/** `best`: sorted by routing score. `weighted`: drawn at random, in proportion to the score, which spreads the load. */
export type Strategy = (typeof STRATEGIES)[number];

/**
 * How a stale or unknown status counts. `assume-healthy` (default): usable, but after every provider with a fresh status, so
 * that routing continues when the monitor is dead. `last-known`: a stale status counts as it was, an unknown one as not usable.
 * `assume-unhealthy`: not usable.
 */
export const STALE_POLICIES = ['assume-healthy', 'last-known', 'assume-unhealthy'] as const;

export type StalePolicy = (typeof STALE_POLICIES)[number];

/**
 * The tiers, in the order of selection. `healthy`: works. `degraded`: works, but is slow or was rate limited. `unknown`: stale or
 * never checked. `resting`: rate limited, until the time that it asked for is over. `down`: unhealthy or blacklisted. `ours`:
 * does not work because of our key, quota or settings, so a retry does not help.
 */
export const TIERS = ['healthy', 'degraded', 'unknown', 'resting', 'down', 'ours'] as const;

export type Tier = (typeof TIERS)[number];

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

export interface RankedProvider<Status extends BriefStatus = ProviderStatus> {
  status: Status;
  tier: Tier;
  /** Whether the provider may be used now. Providers that are not usable are the last resort. */
  usable: boolean;
  stale: boolean;
  /** The weight for `weighted`: the routing score from the recent checks, reduced after a recovery. Always above 0. */
  weight: number;
}

export interface Ranking<Status extends BriefStatus = ProviderStatus> {
  /** All providers that are neither disabled nor drained, in the order to try them. */
  ranked: RankedProvider<Status>[];
  /**
   * No provider is usable, or fewer than half of at least three. The monitor may be wrong then, and the few usable providers
   * may be too few for the load.
   */
  panic: boolean;
}

/**
 * Orders the providers.
 *
 * @param random Returns numbers from 0 (inclusive) to 1 (exclusive). Only `weighted` calls it.
 */
export function rank<Status extends BriefStatus>(
  statuses: readonly Status[],
  selection: Selection,
  now: Date,
  random: () => number,
): Ranking<Status> {
  const whenStale = selection.whenStale ?? 'assume-healthy';
  const ranked = statuses
    .filter((status) => isCandidate(status, selection, now))
    .map((status) => placed(status, whenStale, now))
    .sort(byTier);
  const panic = isPanic(ranked);
  return { ranked: selection.strategy === 'weighted' ? drawn(ranked, random) : ranked, panic };
}

/** Whether fewer than half are usable. For one or two providers this is the same as none, so one comparison is enough. */
export function isPanic(ranked: readonly { usable: boolean }[]): boolean {
  return ranked.filter(({ usable }) => usable).length * 2 < ranked.length;
}

function isCandidate(status: BriefStatus, selection: Selection, now: Date): boolean {
  const { provider, tags, enabled } = status;
  const hasTag = selection.tag === undefined || tags.includes(selection.tag);
  return enabled && hasTag && isSelected(provider, selection) && !isDrained(status, now);
}

/** Whether the id may be chosen. */
export function isSelected(id: string, { only, exclude }: Pick<Selection, 'only' | 'exclude'>): boolean {
  return (only?.includes(id) ?? true) && !exclude?.includes(id);
}

/** Whether the provider is drained at `now`. */
export function isDrained(status: Pick<BriefStatus, 'drainUntil'>, now: Date): boolean {
  return isAhead(status.drainUntil, now);
}

function isAhead(time: string | null, now: Date): boolean {
  return time !== null && now.toISOString() < time;
}

function placed<Status extends BriefStatus>(status: Status, whenStale: StalePolicy, now: Date): RankedProvider<Status> {
  const stale = isStale(status, now);
  const tier = tierOf(status, stale && whenStale !== 'last-known', now);
  return { status, tier, usable: isUsable(tier, whenStale), stale, weight: weightOf(status) };
}

function tierOf(status: BriefStatus, isOutdated: boolean, now: Date): Tier {
  if (isOutdated) return 'unknown';
  const { state } = status;
  if (state === 'degraded') return isAhead(status.retryAt, now) ? 'resting' : 'degraded';
  if (state === 'unhealthy' || state === 'blacklisted') return status.lastCheck?.fault === 'ours' ? 'ours' : 'down';
  return state;
}

/** `healthy` and `degraded` are usable; `unknown` is usable if a stale status counts as healthy. */
function isUsable(tier: Tier, whenStale: StalePolicy): boolean {
  return tier === 'unknown' ? whenStale === 'assume-healthy' : placeOf(tier) < placeOf('unknown');
}

/** Never 0, so that every usable provider has a chance to be drawn. */
function weightOf(status: BriefStatus): number {
  return Math.max(scoreOf(status) * status.trafficShare, Number.EPSILON);
}

function scoreOf(status: BriefStatus): number {
  return routingScore(status, status.targetResponseMs);
}

function placeOf(tier: Tier): number {
  return TIERS.indexOf(tier);
}

/** Compares two entries by tier, for sorting. */
export function byPlace(a: { tier: Tier }, b: { tier: Tier }): number {
  return placeOf(a.tier) - placeOf(b.tier);
}

function byTier(a: RankedProvider<BriefStatus>, b: RankedProvider<BriefStatus>): number {
  return (
    byPlace(a, b) ||
    (a.usable ? 0 : byRecovery(a.status, b.status)) ||
    // Not by weight: with `best`, a provider that has recovered gets its place back at once.
    scoreOf(b.status) - scoreOf(a.status) ||
    // Equal providers (for example two new ones) must keep their order from call to call.
    (a.status.provider < b.status.provider ? -1 : 1)
  );
}

/** Nearest to recovery first: good checks in a row, then not blacklisted, then fewer failures, then the shorter hold. */
function byRecovery(a: BriefStatus, b: BriefStatus): number {
  return (
    b.consecutiveSuccesses - a.consecutiveSuccesses ||
    Number(a.state === 'blacklisted') - Number(b.state === 'blacklisted') ||
    a.consecutiveFailures - b.consecutiveFailures ||
    endOf(a) - endOf(b)
  );
}

/** When the hold or the rate limit ends, in milliseconds since 1970; 0 when there is neither. */
function endOf(status: BriefStatus): number {
  const time = status.state === 'blacklisted' ? status.holdUntil : status.state === 'degraded' ? status.retryAt : null;
  return time === null ? 0 : Date.parse(time);
}

/**
 * The ranking with the usable providers of each tier in a random order, by weight. Each provider gets the key u^(1/weight) with
 * a random u, and the keys are sorted (Efraimidis and Spirakis, 2006). The code sorts by the logarithm of the key, because the
 * key itself becomes 0 for a small weight. Two keys of minus infinity differ by NaN, and are equal. Providers that are not
 * usable keep their order.
 *
 * @param ranked In the order of `best`.
 */
export function drawn<T extends Pick<RankedProvider<BriefStatus>, 'tier' | 'usable' | 'weight'>>(
  ranked: readonly T[],
  random: () => number,
): T[] {
  return ranked
    .map((one) => ({ one, key: one.usable ? Math.log(random()) / one.weight : 0 }))
    .sort((a, b) => byPlace(a.one, b.one) || b.key - a.key || 0)
    .map(({ one }) => one);
}

/**
 * The running sums of the weights in the first tier, from which {@link spin} draws one provider. Empty when that tier is not
 * usable.
 *
 * @param ranked In the order of `best`.
 */
export function wheelOf(
  ranked: readonly Pick<RankedProvider<BriefStatus>, 'tier' | 'usable' | 'weight'>[],
): readonly number[] {
  const first = ranked[0]?.tier;
  let sum = 0;
  return ranked
    .filter(({ tier, usable }) => usable && tier === first)
    .map(({ weight }) => {
      sum += weight;
      return sum;
    });
}

/**
 * Draws an index of the ranking. The chances are the same as those of the first provider of {@link drawn}. The first one when
 * the sum is 0: providers that the monitor does not know have no weight, and keep their order.
 */
export function spin(wheel: readonly number[], random: () => number): number {
  const drawnWeight = random() * (wheel.at(-1) ?? 0);
  return Math.max(
    0,
    wheel.findIndex((sum) => drawnWeight < sum),
  );
}
