/** The result of one tick, by provider. Always `stored + failed + skipped = due`. */

import type { Transition } from '../../health/transition.ts';
import type { Problem } from '../fleet/fleet.ts';

/**
 * `deadline`: the probe did not begin, or was cut short, before the tick had to end. `outdated`: a newer check was
 * stored before. `removed`: deleted during the tick. `monitor_fault`: the monitor's own network or machine failed, so
 * the result says nothing. `token_limit`: the day's tokens are used up, and the provider's type has no request without
 * tokens.
 */
export type SkipReason = 'deadline' | 'outdated' | 'removed' | 'monitor_fault' | 'token_limit';

export interface Skipped {
  provider: string;
  reason: SkipReason;
  /** What the monitor's own machine lacked for this probe; absent where `reason` says all. */
  because?: string;
}

export interface TickReport {
  /** The tick's scheduled time, ISO 8601 UTC. */
  tick: string;
  /**
   * `taken`: another owner has claimed this tick or a newer one. `refused`: the tick's time is ahead of the clock. In
   * both cases nothing was done.
   */
  outcome: 'done' | 'taken' | 'refused';
  /** Why the tick was refused; null when it was not. */
  reason: string | null;
  /** Providers that were due. */
  due: number;
  /** Ids of providers with a check that changed the status and has its item. */
  stored: string[];
  /** Providers without a stored result: the write failed, or their stored settings cannot be used. */
  failed: Problem[];
  skipped: Skipped[];
  transitions: Transition[];
  /** Ids of providers with a stored status more than a minute ahead of the clock. Their next check overrides it. */
  fromFuture: string[];
  /** Whether the monitor's own network failed. Then no failure that it could have caused changed a status. */
  monitorFault: boolean;
  /** Number of stored checks that failed. */
  unhealthy: number;
  /** Number of stored checks that are `uncertain`. */
  uncertain: number;
  durationMs: number;
}

export function emptyReport(tick: string, outcome: TickReport['outcome']): TickReport {
  return {
    tick,
    outcome,
    reason: null,
    due: 0,
    stored: [],
    failed: [],
    skipped: [],
    transitions: [],
    fromFuture: [],
    monitorFault: false,
    unhealthy: 0,
    uncertain: 0,
    durationMs: 0,
  };
}
