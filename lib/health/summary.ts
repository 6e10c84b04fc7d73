/** The summary of all providers. */

import type { BriefStatus } from './brief-status.ts';
import type { Category, Fault } from './category.ts';
import { isStale } from './status-age.ts';
import type { State } from './transition.ts';

export interface ProviderSummary {
  isHealthy: boolean;
  state: State;
  /** Whether the last check is older than 3 intervals, so that the state may no longer be true. */
  stale: boolean;
  /** Response time of the last check; null while unknown. */
  responseTimeMs: number | null;
  healthScore: number;
  routingScore: number;
  errorMessage: string | null;
  category: Category | null;
  fault: Fault | null;
  /** Time of the last check, ISO 8601 UTC; null while unknown. */
  lastCheck: string | null;
}

export interface HealthSummary {
  /** The number of enabled providers. Disabled ones count nowhere in the summary. */
  totalProviders: number;
  healthyProviders: number;
  /** 0 to 100, with one decimal; 0 when there are no providers. */
  healthPercentage: number;
  /** Time of the newest check of any provider, ISO 8601 UTC; null before the first. */
  lastCheck: string | null;
  /** By id. */
  providers: Record<string, ProviderSummary>;
}

export function summarize(statuses: readonly BriefStatus[], now: Date): HealthSummary {
  const enabled = statuses.filter((status) => status.enabled);
  const healthy = enabled.filter((status) => status.isHealthy).length;
  const times = enabled.flatMap((status) => status.lastCheck?.timestamp ?? []).sort();
  return {
    totalProviders: enabled.length,
    healthyProviders: healthy,
    healthPercentage: Math.round((healthy / (enabled.length || 1)) * 1000) / 10,
    lastCheck: times.at(-1) ?? null,
    providers: Object.fromEntries(enabled.map((status) => [status.provider, summaryOf(status, now)])),
  };
}

function summaryOf(status: BriefStatus, now: Date): ProviderSummary {
  const { isHealthy, state, healthScore, routingScore } = status;
  const { responseTimeMs = null, errorMessage = null, category = null, fault = null } = status.lastCheck ?? {};
  return {
    isHealthy,
    state,
    stale: isStale(status, now),
    responseTimeMs,
    healthScore,
    routingScore,
    errorMessage,
    category,
    fault,
    lastCheck: status.lastCheck?.timestamp ?? null,
  };
}
