/** Was it the providers that failed, or the monitor's own network? */

import type { ProxySettings } from '../egress/proxy.ts';
import type { ProbeOutcome } from '../health/check.ts';
import { isMonitorSuspect } from '../health/monitor-fault.ts';
import { witnessAnswers } from './witness.ts';

/** Short enough for the reserve that a tick keeps before its deadline. */
const WITNESS_TIMEOUT_MS = 1500;

/**
 * True when at least 80% of the providers probed failed as a broken network makes them fail, and no witness answers
 * either. Without witnesses (simulated providers have none) it is never the monitor.
 */
export async function isMonitorFault(
  outcomes: readonly ProbeOutcome[],
  { witnesses, proxies }: { witnesses: readonly string[]; proxies: ProxySettings | null },
): Promise<boolean> {
  if (witnesses.length === 0 || !isMonitorSuspect(outcomes)) return false;
  const answers = await Promise.all(witnesses.map((witness) => witnessAnswers(witness, WITNESS_TIMEOUT_MS, proxies)));
  return !answers.includes(true);
}
