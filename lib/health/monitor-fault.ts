/** Decides whether the failures of a tick look like a fault of the monitor itself. lib/checker then asks the witnesses. */

import { mayBeMonitorFault } from './category.ts';
import type { ProbeOutcome } from './check.ts';

/** It is very unlikely that 80% of independent providers fail at the same time. */
const SUSPICIOUS_SHARE = 0.8;

/**
 * Whether at least 80% of the providers that were probed in a tick failed with `dns`, `connect`, `tls` or `timeout`, or
 * because of the monitor's own machine. Providers with wrong settings (such as a missing key) do not count: no request was sent.
 */
export function isMonitorSuspect(outcomes: readonly ProbeOutcome[]): boolean {
  const failures = outcomes.filter(looksLikeOurs);
  const probed = outcomes.filter((outcome) => looksLikeOurs(outcome) || !isUnsent(outcome));
  return failures.length > 0 && failures.length >= SUSPICIOUS_SHARE * probed.length;
}

function looksLikeOurs(outcome: ProbeOutcome): boolean {
  return !outcome.isHealthy && (outcome.monitorFault || mayBeMonitorFault(outcome.category));
}

function isUnsent(outcome: ProbeOutcome): boolean {
  return !outcome.isHealthy && outcome.category === 'config' && outcome.statusCode === null;
}
