/**
 * Makes one check of one provider: the probe, and a confirming probe where the first failure may have been a lost
 * packet.
 */

import type { Clock } from '../../base/clock.ts';
import { needsConfirmation } from '../../health/category.ts';
import type { Attempts, FailedOutcome, HealthCheck, ProbeOutcome, Trigger } from '../../health/check.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { ProbeResult, Prober, ProbeTarget } from '../../probe/prober.ts';
import { inPause } from './in-pause.ts';

/** After this time a dropped packet or the restart of a worker is over. */
const CONFIRM_AFTER_MS = 1000;

export interface Measuring {
  prober: Prober;
  clock: Clock;
  /** Aborts the probes at the tick's deadline, or when the checker stops. */
  signal: AbortSignal;
}

/** What to check, and when: all that is known before the measurement. */
export interface CheckOrder {
  target: ProbeTarget;
  /** The status as last read; null when there was none. */
  status: ProviderStatus | null;
  trigger: Trigger;
  /** ISO 8601 UTC. */
  timestamp: string;
}

/**
 * Makes the check from a probe that is under way. A failure of a passing kind, of a provider that worked before, is
 * confirmed by a second probe; only if both fail, the check failed.
 *
 * @returns Null when a probe was cut short, so that nothing is known.
 */
export async function measure(
  { prober, clock, signal }: Measuring,
  order: CheckOrder,
  first: Promise<ProbeResult>,
): Promise<HealthCheck | null> {
  const outcome = await first;
  if (outcome === null) return null;
  if (outcome.isHealthy || !order.status?.isHealthy || !needsConfirmation(outcome.category)) {
    return checkOf(order, outcome, null);
  }
  await clock.sleep(CONFIRM_AFTER_MS, signal);
  const confirming = await prober.probe(order.target, signal);
  return confirming === null ? null : checkOf(order, confirming, outcome);
}

function checkOf(order: CheckOrder, outcome: ProbeOutcome, failedFirst: FailedOutcome | null): HealthCheck {
  const { id, model } = order.target.config;
  const check: HealthCheck = {
    ...outcome,
    provider: id,
    model,
    timestamp: order.timestamp,
    trigger: order.trigger,
    ...attemptsOf(failedFirst),
  };
  return inPause(check, order.target.config, order.status);
}

function attemptsOf(failedFirst: FailedOutcome | null): Attempts {
  if (failedFirst === null) return { attempts: 1, firstAttempt: null };
  const { category, errorMessage, responseTimeMs } = failedFirst;
  return { attempts: 2, firstAttempt: { category, errorMessage, responseTimeMs } };
}
