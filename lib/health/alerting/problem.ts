/** Decides whether a status has a problem that is worth an alert, by whose fault, and since when. */

import { needsAction } from '../category.ts';
import { isDown } from '../state.ts';
import type { ProviderStatus } from '../status.ts';

/** `outage`: the provider's fault. `action_needed`: our fault, which lasts until a person acts. */
export type Problem = 'outage' | 'action_needed';

/**
 * The problem of a status; null when there is none worth an alert, and in a planned pause. A wrong key, quota or setting is
 * worth an alert at once, because waiting does not help. Every other failure is after `alertAfter` failed checks in a row, or
 * when the provider is blacklisted.
 */
export function problemOf(status: ProviderStatus, alertAfter: number): Problem | null {
  const check = status.lastCheck;
  // A blacklisted provider with a good check has begun to recover.
  if (!isDown(status.state) || check === null || check.isHealthy || check.maintenance) return null;
  const isEnough =
    needsAction(check.category) || status.state === 'blacklisted' || status.consecutiveFailures >= alertAfter;
  if (!isEnough) return null;
  return check.fault === 'ours' ? 'action_needed' : 'outage';
}

/** When a provider went down, ISO 8601 UTC. For a blacklisted provider, this is when it became unhealthy before. */
export function downSince({ state, since, lastTransition }: ProviderStatus): string {
  if (state !== 'blacklisted' || lastTransition?.from !== 'unhealthy') return since;
  return new Date(Date.parse(lastTransition.at) - lastTransition.lastedMs).toISOString();
}
