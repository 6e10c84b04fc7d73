/** The problem of a status that is worth an alert: whose fault it is, and since when. */

import { needsAction } from '../category.ts';
import { isDown } from '../state.ts';
import type { ProviderStatus } from '../status.ts';

/** `outage`: by the provider's fault. `action_needed`: by ours: it lasts until a person acts. */
export type Problem = 'outage' | 'action_needed';

/**
 * The problem that a status is, once it is worth an alert: a key, a quota or a setting at once, since
 * waiting fixes none of them; everything else after `alertAfter` failed checks in a row, or when it is blacklisted. Null
 * while there is none, and in a planned pause.
 */
export function problemOf(status: ProviderStatus, alertAfter: number): Problem | null {
  const check = status.lastCheck;
  // A good check of one that is still blacklisted is the beginning of its recovery.
  if (!isDown(status.state) || check === null || check.isHealthy || check.maintenance) return null;
  const isEnough =
    needsAction(check.category) || status.state === 'blacklisted' || status.consecutiveFailures >= alertAfter;
  if (!isEnough) return null;
  return check.fault === 'ours' ? 'action_needed' : 'outage';
}

/** When a provider that is down began to be, ISO 8601 UTC: blacklisting it was a later change of state, not the first. */
export function downSince({ state, since, lastTransition }: ProviderStatus): string {
  if (state !== 'blacklisted' || lastTransition?.from !== 'unhealthy') return since;
  return new Date(Date.parse(lastTransition.at) - lastTransition.lastedMs).toISOString();
}
