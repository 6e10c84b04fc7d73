/** A change of a provider's state. lib/health/alerting makes alerts and incidents from transitions. */

import { MINUTE_MS } from '../base/time.ts';
import type { Category, Fault } from './category.ts';
import type { HealthCheck } from './check.ts';

export const STATES = ['unknown', 'healthy', 'degraded', 'unhealthy', 'blacklisted'] as const;

/**
 * `unknown`: not checked yet. `degraded`: works, but is slow or rate limited. `blacklisted`: down after several failed checks in
 * a row; it needs several good checks to recover.
 */
export type State = (typeof STATES)[number];

export interface Transition {
  /** `<at>#<provider>`: unique, since the times of one provider's transitions increase. */
  id: string;
  provider: string;
  from: State;
  to: State;
  /** Timestamp of the check that caused it, ISO 8601 UTC. */
  at: string;
  /** Category of the check that caused it; null when that check was good. */
  category: Category | null;
  fault: Fault | null;
  errorMessage: string | null;
  /** How long the previous state lasted, in milliseconds. */
  lastedMs: number;
}

const FLAPPING_COUNT = 4;
const FLAPPING_WINDOW_MS = 30 * MINUTE_MS;

/** The number of times that a status keeps, to decide whether a provider flaps. */
export const TRANSITION_TIMES_KEPT = FLAPPING_COUNT;

/** What a transition says of the check that caused it. */
type Cause = Pick<HealthCheck, 'provider' | 'timestamp' | 'category' | 'fault' | 'errorMessage'>;

/** The transition that `check` caused. @param since When the previous state began, ISO 8601 UTC. */
export function transitionOf(check: Cause, from: State, to: State, since: string): Transition {
  return {
    id: `${check.timestamp}#${check.provider}`,
    provider: check.provider,
    from,
    to,
    at: check.timestamp,
    category: check.category,
    fault: check.fault,
    errorMessage: check.errorMessage,
    lastedMs: Math.max(0, Date.parse(check.timestamp) - Date.parse(since)),
  };
}

/**
 * The transition of a provider that is no longer checked, one millisecond after its last check. So it is later than every
 * transition before it and earlier than every check after it, whatever the clock of the process that writes it shows.
 *
 * @param since When the previous state began, ISO 8601 UTC.
 */
export function endOfChecks(provider: string, lastCheckedMs: number, from: State, since: string): Transition {
  const timestamp = new Date(lastCheckedMs + 1).toISOString();
  return transitionOf({ provider, timestamp, category: null, fault: null, errorMessage: null }, from, 'unknown', since);
}

/** Whether the state changed 4 times in the 30 minutes before `now`. */
export function isFlapping(transitionTimes: readonly string[], now: Date): boolean {
  const from = now.getTime() - FLAPPING_WINDOW_MS;
  return transitionTimes.filter((time) => Date.parse(time) >= from).length >= FLAPPING_COUNT;
}
