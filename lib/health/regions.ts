/**
 * One provider as monitors in several regions see it. It counts as down when at least half of those that know something
 * new of it say so, and at least two: one region alone may have lost its own way there.
 */

import type { ProviderStatus } from './status.ts';
import { isStale } from './status-age.ts';

/** By region, what its monitor believes of the provider. */
export type RegionViews = ReadonlyMap<string, ProviderStatus>;

/** Regions that must agree that a provider is down, where more than one has a say. */
const LEAST_AGREEING = 2;

/**
 * What to believe: the status of a region that agrees with the verdict, so that every figure of it was measured. That of
 * `home` where it does; else the best of those that say that the provider works, the newest of those that say that it does
 * not.
 *
 * @param views At least one.
 * @param home The region that asks; it may be none of these.
 */
export function verdictOf(views: RegionViews, home: string, now: Date): ProviderStatus {
  const all = [...views].map(([region, status]) => ({ region, status }));
  const fresh = all.filter(({ status }) => hasSay(status, now));
  const down = fresh.filter(({ status }) => !status.isHealthy);
  const least = fresh.length === 1 ? 1 : LEAST_AGREEING;
  const isDown = down.length >= least && 2 * down.length >= fresh.length;
  const agreeing = isDown ? down : fresh.filter(({ status }) => status.isHealthy);
  const from = agreeing.length > 0 ? agreeing : all;
  const chosen = from.find(({ region }) => region === home) ?? from.reduce((a, b) => (isBetter(b, a) ? b : a));
  return drainedAsAny(chosen.status, [...views.values()]);
}

/** A region that has not checked it lately, or not at all, knows nothing of it. */
function hasSay(status: ProviderStatus, now: Date): boolean {
  return status.enabled && status.lastCheck !== null && !isStale(status, now);
}

interface View {
  status: ProviderStatus;
}

function isBetter({ status: a }: View, { status: b }: View): boolean {
  if (a.routingScore !== b.routingScore) return a.routingScore > b.routingScore;
  return (a.lastCheck?.timestamp ?? a.since) > (b.lastCheck?.timestamp ?? b.since);
}

/** A provider that is drained at one monitor gets no traffic from anywhere. */
function drainedAsAny(status: ProviderStatus, all: readonly ProviderStatus[]): ProviderStatus {
  const { drainUntil, drainReason } = all.reduce((a, b) => ((b.drainUntil ?? '') > (a.drainUntil ?? '') ? b : a));
  return drainUntil === status.drainUntil ? status : { ...status, drainUntil, drainReason };
}
