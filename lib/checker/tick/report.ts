/** What one tick did, by provider: `stored + failed + skipped = due`, always. */

import type { Transition } from '../../health/transition.ts';
import type { Problem } from '../fleet/fleet.ts';

/**
 * `deadline`: not reached, or cut short, before the tick had to end. `outdated`: a newer result was there first.
 * `removed`: deleted during the tick. `monitor_fault`: the monitor's own network or machine failed, so the result says
 * nothing.
 * `token_limit`: the day's tokens are used up, and its type has no request that costs none.
 */
export type SkipReason = 'deadline' | 'outdated' | 'removed' | 'monitor_fault' | 'token_limit';

export interface Skipped {
  provider: string;
  reason: SkipReason;
  /** What this one probe lacked on the monitor's own machine; absent where the reason says all. */
  because?: string;
}

export interface TickReport {
  /** The tick's own time, ISO 8601 UTC. */
  tick: string;
  /** `taken`: another owner has it, or a newer one. `refused`: its time is ahead of the clock. Nothing was done then. */
  outcome: 'done' | 'taken' | 'refused';
  /** Why it was refused; null when it was not. */
  reason: string | null;
  /** Providers that were due. */
  due: number;
  /** Ids whose result changed their status and was recorded. */
  stored: string[];
  /** Providers whose result could not be stored, or that cannot be used as they are stored. */
  failed: Problem[];
  skipped: Skipped[];
  transitions: Transition[];
  /** Ids of the providers whose stored status was more than a minute ahead of the clock, so that it was overridden. */
  fromFuture: string[];
  /** The monitor's own network failed: no failure that it could have caused was believed. */
  monitorFault: boolean;
  /** Of the checks stored, those that failed. */
  unhealthy: number;
  /** Of the checks stored, those whose answer may have lain unread (see `uncertain`). */
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
