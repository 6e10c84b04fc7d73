/** One check as history keeps it: only the fields that uptime, percentiles and charts need. */

import type { Category, Fault } from '../category.ts';
import type { HealthCheck } from '../check.ts';

export interface Observation {
  /** When the check was made, in milliseconds since 1970. Stored hours keep whole seconds. */
  atMs: number;
  /** Integer ≥ 0; for a failure, the time until it failed. */
  responseTimeMs: number;
  /** Integer ≥ 0; null unless the check was a stream that answered. */
  firstTokenMs: number | null;
  /** The check listed models instead of asking for tokens. That is faster, so the two kinds are never compared. */
  listedModels: boolean;
  /** Null when the check was good. */
  failure: { category: Category; fault: Fault } | null;
  /** Whether the check was made in a planned pause: neither uptime nor downtime. */
  maintenance: boolean;
  /** The provider's interval at that time: how much time one check covers. */
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
