/** When a tick's failures look like the monitor's own network or machine. lib/checker asks the witnesses. */

import { mayBeMonitorFault } from './category.ts';
import type { ProbeOutcome } from './check.ts';

/** Independent providers do not nearly all fail at once. */
const SUSPICIOUS_SHARE = 0.8;

/**
 * Whether at least 80% of the providers probed in a tick failed by `dns`, `connect`, `tls` or `timeout`, or for want of
 * something of the monitor's machine. A provider whose settings kept the request from being sent, such as a key that is not
 * set, was not probed.
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
