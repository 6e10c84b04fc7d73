/** Where the past of a provider comes from. What is made of it is uptime.ts's. */

import type { Category, Fault } from '../health/category.ts';
import type { HealthCheck } from '../health/check.ts';
import type { ProbeKind } from '../health/provider.ts';
import type { CheckStore, TimeRange } from '../store/store.ts';

/** One check as history keeps it. */
export interface Observation {
  /** ISO 8601 UTC. */
  timestamp: string;
  /** Null when the check was good. */
  failure: { category: Category; fault: Fault } | null;
  responseTimeMs: number;
  /** Time to the first token; null unless it was a stream that answered. */
  firstTokenMs: number | null;
  probe: ProbeKind;
}

export interface History {
  /** Every observation of the range, oldest first. */
  observations(provider: string, range: TimeRange): Promise<Observation[]>;
}

const PAGE_LIMIT = 1000;
/** A week of one check in 30 s; what is older than that many is missing in the answer's coverage, not invented. */
const MAX_PAGES = 21;

/** History from the checks themselves: exact, as far back as checks are kept. */
export function checkHistory(checks: CheckStore): History {
  return {
    async observations(provider, range) {
      const found: Observation[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const page = await checks.page(provider, { ...range, limit: PAGE_LIMIT, ...(cursor && { cursor }) });
        found.push(...page.items.map(observationOf));
        if (page.next === null) break;
        cursor = page.next;
      }
      return found.reverse();
    },
  };
}

function observationOf(check: HealthCheck): Observation {
  return {
    timestamp: check.timestamp,
    failure: check.isHealthy ? null : { category: check.category, fault: check.fault },
    responseTimeMs: check.responseTimeMs,
    firstTokenMs: check.timings.firstTokenMs,
    probe: check.probe,
  };
}
