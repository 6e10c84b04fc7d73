/** When a tick's failures look like the monitor's own network. lib/checker asks the witnesses. */

import { mayBeMonitorFault } from './category.ts';
import type { ProbeOutcome } from './check.ts';

/** Nearly everybody at once is the one thing that providers do not do. */
const SUSPICIOUS_SHARE = 0.8;

/** Whether at least 80% of the providers probed in a tick failed by `dns`, `connect`, `tls` or `timeout`. */
export function isMonitorSuspect(outcomes: readonly ProbeOutcome[]): boolean {
  const failures = outcomes.filter((outcome) => !outcome.isHealthy && mayBeMonitorFault(outcome.category));
  return outcomes.length > 0 && failures.length >= SUSPICIOUS_SHARE * outcomes.length;
}
