/**
 * The interface of sources of statuses, and the check that they are statuses. cache.ts decides when to read, and what to do
 * without an answer.
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
  /** By provider: its status in the monitor of each region; absent: there is only one monitor. */
  regions?: ReadonlyMap<string, RegionViews>;
  /** Why a part of the statuses is missing; absent: none is missing. */
  problem?: ReaderProblem;
}

/** Reads all statuses once. `problemOf` turns its errors into problems. */
export type StatusSource = (signal: AbortSignal) => Promise<StatusRead>;

/** The source of a reader, which passes its clock. */
export type ReaderSource = (clock: MonotonicClock) => StatusSource;

/** Fields of a status that must be numbers. */
const FIGURES = ['intervalSeconds', 'targetResponseMs', 'successRate', 'healthScore', 'routingScore'] as const;

/** Time limit of a read. Callers usually wait less. */
export const READ_TIMEOUT_MS = 2000;

/** Separates statuses from entries that cannot be understood. @param found Any values. */
export function readOf(found: readonly unknown[]): StatusRead {
  const spoilt = found.filter((one) => !isStatus(one)) as ({ provider?: unknown } | null)[];
  return {
    statuses: found.filter(isStatus),
    unreadable: spoilt.map((one) => ({ provider: String(one?.provider) })),
  };
}

/**
 * Checks only the fields that selection and summary need. The reader and the monitor often have different releases, and a new
 * type or category must not hide an outage.
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
