/**
 * Combines the statuses of one provider from monitors in several regions. The provider counts as down when at least half of the
 * regions with a current status say so, and at least two: in one region alone the network may be the cause.
 */

import type { ProviderStatus } from './status.ts';
import { isStale } from './status-age.ts';

/** The status of one provider in the monitor of each region, by region. */
export type RegionViews = ReadonlyMap<string, ProviderStatus>;

/** This many regions must agree that a provider is down, when more than one region has a current status. */
const LEAST_AGREEING = 2;

/**
 * The status of a region that agrees with the verdict. It is not a mixture of several, so all its figures were measured
 * together. `home` comes first if it agrees; otherwise the status with the best routing score, and of equal scores the newest.
 *
 * @param views At least one.
 * @param home The caller's own region. It need not be among the views.
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

/** A region votes only if its monitor has checked the provider and the status is not stale. */
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

/** A provider that is drained in one region is drained in all regions. */
function drainedAsAny(status: ProviderStatus, all: readonly ProviderStatus[]): ProviderStatus {
  const { drainUntil, drainReason } = all.reduce((a, b) => ((b.drainUntil ?? '') > (a.drainUntil ?? '') ? b : a));
  return drainUntil === status.drainUntil ? status : { ...status, drainUntil, drainReason };
}
