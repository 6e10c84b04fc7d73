/** Decides whether the monitor's own network failed, and not the providers. */

import type { ProxySettings } from '../egress/proxy.ts';
import type { ProbeOutcome } from '../health/check.ts';
import { isMonitorSuspect } from '../health/monitor-fault.ts';
import { witnessAnswers } from './witness.ts';

/** Fits into the reserve that a tick keeps before its deadline. */
const WITNESS_TIMEOUT_MS = 1500;

/**
 * True when at least 80% of the probed providers failed in a way that a broken network causes, and no witness answers
 * either. Always false without witnesses (simulated providers have none).
 */
export async function isMonitorFault(
  outcomes: readonly ProbeOutcome[],
  { witnesses, proxies }: { witnesses: readonly string[]; proxies: ProxySettings | null },
): Promise<boolean> {
  if (witnesses.length === 0 || !isMonitorSuspect(outcomes)) return false;
  const answers = await Promise.all(witnesses.map((witness) => witnessAnswers(witness, WITNESS_TIMEOUT_MS, proxies)));
  return !answers.includes(true);
}
