/** One check as history keeps it: what uptime, percentiles and charts look at, and no more. */

import type { Category, Fault } from '../category.ts';
import type { HealthCheck } from '../check.ts';

export interface Observation {
  /** When the check was made, in milliseconds since 1970. Of the hours that are kept, whole seconds. */
  atMs: number;
  /** Integer ≥ 0; of a failure, the time until it failed. */
  responseTimeMs: number;
  /** Integer ≥ 0; null unless it was a stream that answered. */
  firstTokenMs: number | null;
  /** It listed models instead of asking for tokens, which is faster, so the two are never compared. */
  listedModels: boolean;
  /** Null when the check was good. */
  failure: { category: Category; fault: Fault } | null;
  /** Made in a planned pause: neither uptime nor downtime. */
  maintenance: boolean;
  /** Time between two scheduled checks of the provider then: how much time one check covers. */
  intervalMs: number;
}

export function observationOf(check: HealthCheck, intervalMs: number): Observation {
  const { firstTokenMs } = check.timings;
  return {
    atMs: Date.parse(check.timestamp),
    responseTimeMs: check.responseTimeMs,
    firstTokenMs: firstTokenMs === null ? null : Math.round(firstTokenMs),
    listedModels: check.probe === 'models',
    failure: check.isHealthy ? null : { category: check.category, fault: check.fault },
    maintenance: check.maintenance ?? false,
    intervalMs,
  };
}
