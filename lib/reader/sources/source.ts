/**
 * Reads statuses, from the table or the HTTP API, and checks that they are statuses. cache.ts decides when to ask, and what
 * to do without an answer.
 */

import type { MonotonicClock } from '../../base/clock.ts';
import type { RegionViews } from '../../health/regions.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { STATES } from '../../health/transition.ts';
import type { ReaderProblem } from '../problem.ts';

export interface StatusRead {
  statuses: readonly ProviderStatus[];
  /** Providers whose status cannot be understood. */
  unreadable: readonly { provider: string }[];
  /** By provider, what the monitor of each region believes; absent: there is one monitor. */
  regions?: ReadonlyMap<string, RegionViews>;
  /** Which part of it is missing; absent: none. */
  problem?: ReaderProblem;
}

/** One read of all statuses. `problemOf` names its error. */
export type StatusSource = (signal: AbortSignal) => Promise<StatusRead>;

/** The source of a reader, which passes its clock. */
export type ReaderSource = (clock: MonotonicClock) => StatusSource;

/** What a status must have in numbers. */
const FIGURES = ['intervalSeconds', 'targetResponseMs', 'successRate', 'healthScore', 'routingScore'] as const;

/** How long a read may take before it is given up, however long its callers wait for it. */
export const READ_TIMEOUT_MS = 2000;

/** @param found May be anything: an entry that is no status is named by its `provider`. */
export function readOf(found: readonly unknown[]): StatusRead {
  const spoilt = found.filter((one) => !isStatus(one)) as ({ provider?: unknown } | null)[];
  return {
    statuses: found.filter(isStatus),
    unreadable: spoilt.map((one) => ({ provider: String(one?.provider) })),
  };
}

/**
 * Checks what selection and summary need; the rest is passed on as the monitor gave it. A reader is bundled
 * into programs that are seldom of the monitor's release: a type or category that is new to it must not hide an outage.
 */
function isStatus(value: unknown): value is ProviderStatus {
  const status = (value ?? {}) as Partial<ProviderStatus>;
  const { provider, state, isHealthy, tags, lastCheck, since, medianResponseMs } = status;
  return (
    typeof provider === 'string' &&
    STATES.some((one) => one === state) &&
    typeof isHealthy === 'boolean' &&
    Array.isArray(tags) &&
    typeof lastCheck === 'object' &&
    [
      Date.parse(lastCheck?.timestamp ?? `${since}`),
      medianResponseMs ?? 0,
      ...FIGURES.map((name) => status[name]),
    ].every(Number.isFinite)
  );
}
