/** One provider -> one check: the probe, and the confirming probe where the first failure may have been a lost packet. */

import type { Clock } from '../../base/clock.ts';
import { needsConfirmation } from '../../health/category.ts';
import type { Attempts, FailedOutcome, HealthCheck, ProbeOutcome, Trigger } from '../../health/check.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { ProbeResult, Prober, ProbeTarget } from '../../probe/prober.ts';
import { inPause } from './in-pause.ts';

/** Long enough for a dropped packet or a restarting worker to be over. */
const CONFIRM_AFTER_MS = 1000;

export interface Measuring {
  prober: Prober;
  clock: Clock;
  /** Ends everything: at the tick's deadline, or when the checker stops. */
  signal: AbortSignal;
}

/** What a check is of and when, before anything was measured. */
export interface CheckOrder {
  target: ProbeTarget;
  /** As last read; null when there was none. */
  status: ProviderStatus | null;
  trigger: Trigger;
  /** ISO 8601 UTC. */
  timestamp: string;
}

/**
 * Makes the check of a probe that is under way; null when it was cut short, so that nothing is known. A failure is
 * probed once more when the provider was believed to work and the failure is of a passing kind: only both count.
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
