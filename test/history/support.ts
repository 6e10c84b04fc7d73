/** Checks in a schedule, and a store that counts its calls. */

import type { HealthCheck } from '../../lib/health/check.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { failedCheck, goodCheck } from '../support/builders.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** One check a minute from a time to another (exclusive); each 20th a timeout. */
export function schedule(provider: string, from: string, to: string, everyMs = MINUTE_MS): HealthCheck[] {
  const count = Math.ceil((Date.parse(to) - Date.parse(from)) / everyMs);
  return Array.from({ length: count }, (_, i) => {
    const fields = { provider, timestamp: new Date(Date.parse(from) + i * everyMs).toISOString() };
    return i % 20 === 19 ? failedCheck('timeout', fields) : goodCheck({ ...fields, responseTimeMs: 300 + (i % 50) });
  });
}

/** The calls of the keeper and the past to a store, and how many of each. */
export interface CountedStore extends Pick<Store, 'checks' | 'hours' | 'days'> {
  calls: string[];
}

/** @param before Called with each call's name and provider; if it throws, the call rejects with that error. */
export function countedStore(store: Store, before: (call: string, provider: string) => void = () => {}): CountedStore {
  const calls: string[] = [];
  const count = (call: string, provider: string) => {
    calls.push(call);
    before(call, provider);
  };
  return {
    calls,
    checks: {
      put: (checks) => store.checks.put(checks),
      async page(provider, request) {
        count('checks.page', provider);
        return store.checks.page(provider, request);
      },
    },
    hours: {
      async put(hour) {
        count('hours.put', hour.provider);
        await store.hours.put(hour);
      },
      async list(provider, range) {
        count('hours.list', provider);
        return store.hours.list(provider, range);
      },
    },
    days: {
      async put(day) {
        count('days.put', day.provider);
        await store.days.put(day);
      },
      async list(provider, range) {
        count('days.list', provider);
        return store.days.list(provider, range);
      },
    },
  };
}

/** A store in memory that keeps all checks of a week, as the table does, as of `now`. */
export function weekStore(now: () => Date): Store {
  return createMemoryStore({ now, checksPerProvider: 1_000_000 });
}
