/**
 * Which provider to use now, and in which order to try the rest: every enabled one, in tiers, so that a wrong verdict
 * costs a router time and never the answer. Pure: the caller reads the statuses, and
 * decides what to do without any.
 */

import { routingScore } from './score.ts';
import type { ProviderStatus } from './status.ts';
import { isStale } from './status-age.ts';

export const STRATEGIES = ['best', 'weighted'] as const;

/** `best`: by routing score. `weighted`: drawn at random, in proportion to it, so that load spreads. */
export type Strategy = (typeof STRATEGIES)[number];

/**
 * What a status that is stale or unknown counts as. `assume-healthy` (default): usable, but behind every fresh one, so
 * that a dead monitor never drains routing. `last-known`: as it was, and one never checked as not usable.
 * `assume-unhealthy`: not usable.
 */
export const STALE_POLICIES = ['assume-healthy', 'last-known', 'assume-unhealthy'] as const;

export type StalePolicy = (typeof STALE_POLICIES)[number];

/**
 * The order of selection. `healthy`. `degraded`: works, but slow, or was rate limited a moment ago. `unknown`: stale, or
 * never checked. `resting`: rate limited, and the time that it asked for is not over. `down`: believed down. `ours`: does
 * not work for us, by our key, quota or settings, which no retry fixes.
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

export interface RankedProvider {
  status: ProviderStatus;
  tier: Tier;
  /** Whether it may be used now. The others are the last resort. */
  usable: boolean;
  stale: boolean;
  /** What `weighted` draws by: the routing score that it has or would have, less after a recovery. Above 0. */
  weight: number;
}

export interface Ranking {
  /** Every provider that is neither disabled nor drained, the one to try first leads. */
  ranked: RankedProvider[];
  /**
   * No provider is usable, or fewer than half of three or more: the monitor may be wrong, and too few are left to carry
   * the load.
   */
  panic: boolean;
}

/**
 * Orders the providers.
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
  const ranked = statuses
    .filter((status) => isCandidate(status, selection, now))
    .map((status) => placed(status, whenStale, now))
    .sort(byTier);
  const panic = isPanic(ranked);
  return { ranked: selection.strategy === 'weighted' ? drawn(ranked, random) : ranked, panic };
}

/** None of any number, or fewer than half: of one or two that is only none, so both halves of the rule are in this line. */
export function isPanic(ranked: readonly { usable: boolean }[]): boolean {
  return ranked.filter(({ usable }) => usable).length * 2 < ranked.length;
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

function placed(status: ProviderStatus, whenStale: StalePolicy, now: Date): RankedProvider {
  const stale = isStale(status, now);
  const tier = tierOf(status, stale && whenStale !== 'last-known', now);
  return { status, tier, usable: isUsable(tier, whenStale), stale, weight: weightOf(status) };
}

function tierOf(status: ProviderStatus, isOutdated: boolean, now: Date): Tier {
  if (isOutdated) return 'unknown';
  const { state } = status;
  if (state === 'degraded') {
    return status.retryAt !== null && now.toISOString() < status.retryAt ? 'resting' : 'degraded';
  }
  if (state === 'unhealthy' || state === 'blacklisted') return status.lastCheck?.fault === 'ours' ? 'ours' : 'down';
  return state;
}

/** The tiers before `unknown` are, and it is where a status that says nothing of now counts as good. */
function isUsable(tier: Tier, whenStale: StalePolicy): boolean {
  return tier === 'unknown' ? whenStale === 'assume-healthy' : placeOf(tier) < placeOf('unknown');
}

/** Never 0, so that each of those that are drawn among has a chance. */
function weightOf(status: ProviderStatus): number {
  return Math.max(routingScore(status, status.targetResponseMs) * status.trafficShare, Number.EPSILON);
}

function placeOf(tier: Tier): number {
  return TIERS.indexOf(tier);
}

/** Which tier comes first. */
export function byPlace(a: { tier: Tier }, b: { tier: Tier }): number {
  return placeOf(a.tier) - placeOf(b.tier);
}

function byTier(a: RankedProvider, b: RankedProvider): number {
  return (
    byPlace(a, b) ||
    (a.usable ? 0 : byRecovery(a.status, b.status)) ||
    // Not by weight: `best` gives one that has just recovered its place at once.
    routingScore(b.status, b.status.targetResponseMs) - routingScore(a.status, a.status.targetResponseMs) ||
    // Two that tie (both new, say) must not change places from call to call.
    (a.status.provider < b.status.provider ? -1 : 1)
  );
}

/** Nearest to recovery first: good checks in a row, then not blacklisted, then fewer failures, then the shorter hold. */
function byRecovery(a: ProviderStatus, b: ProviderStatus): number {
  return (
    b.consecutiveSuccesses - a.consecutiveSuccesses ||
    Number(a.state === 'blacklisted') - Number(b.state === 'blacklisted') ||
    a.consecutiveFailures - b.consecutiveFailures ||
    endOf(a) - endOf(b)
  );
}

/** When its hold or its rest is over, epoch milliseconds; 0 when nothing holds it. */
function endOf(status: ProviderStatus): number {
  const time = status.state === 'blacklisted' ? status.holdUntil : status.state === 'degraded' ? status.retryAt : null;
  return time === null ? 0 : Date.parse(time);
}

/**
 * The ranking with each usable tier in an order drawn by weight, without replacement: each gets the key u^(1/weight), and
 * the keys are sorted (Efraimidis and Spirakis, 2006); their logarithms, since a small weight leaves no digits of the key.
 * The last resort stays as it is.
 *
 * @param ranked In the order of `best`.
 */
export function drawn<T extends Pick<RankedProvider, 'tier' | 'usable' | 'weight'>>(
  ranked: readonly T[],
  random: () => number,
): T[] {
  return ranked
    .map((one) => ({ one, key: one.usable ? Math.log(random()) / one.weight : 0 }))
    .sort((a, b) => byPlace(a.one, b.one) || Number(b.key > a.key) - Number(b.key < a.key))
    .map(({ one }) => one);
}

/**
 * The weights of the first tier, added up: what one provider is drawn by in the logarithm of their number. None where that
 * tier is not usable.
 *
 * @param ranked In the order of `best`.
 */
export function wheelOf(ranked: readonly Pick<RankedProvider, 'tier' | 'usable' | 'weight'>[]): Float64Array {
  const first = ranked[0]?.tier;
  let sum = 0;
  return Float64Array.from(
    ranked.filter(({ tier, usable }) => tier === first && usable),
    ({ weight }) => {
      sum += weight;
      return sum;
    },
  );
}

/** The place in the ranking that is drawn from its wheel, with the same chances as the first of {@link drawn}. */
export function spin(wheel: Float64Array, random: () => number): number {
  const total = wheel.at(-1) ?? 0;
  // Providers that the monitor does not know have no weight: they keep their order.
  if (total === 0) return 0;
  const drawnWeight = random() * total;
  let [from, to] = [0, wheel.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (drawnWeight < (wheel[middle] ?? 0)) to = middle;
    else from = middle + 1;
  }
  return from;
}
