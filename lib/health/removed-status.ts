/** The last status of a removed provider, with which its incident and its open alert end. */

import { isDown, withoutDetail } from './state.ts';
import { type ProviderStatus, transitionsIn } from './status.ts';

/**
 * The status to write before it is deleted: nothing is known of the provider any more. Its transition ends the incident.
 * Null when no problem is open, so that it can be deleted at once.
 */
export function removedStatus(status: ProviderStatus, now: Date): ProviderStatus | null {
  if (!isDown(status.state) && !status.flapping) return null;
  const { provider, state, since, lastCheck } = status;
  // Later than all that is known of it, also after a wrong clock.
  const earliestMs = Date.parse(lastCheck?.timestamp ?? since) + 1;
  const at = new Date(Math.max(now.getTime(), earliestMs)).toISOString();
  const lastedMs = Math.max(0, Date.parse(at) - Date.parse(since));
  const about = { category: null, fault: null, errorMessage: null };
  return {
    ...withoutDetail(status),
    state: 'unknown',
    isHealthy: false,
    version: status.version + 1,
    since: at,
    flapping: false,
    unrecordedTransitions: transitionsIn(status),
    lastTransition: { id: `${at}#${provider}`, provider, from: state, to: 'unknown', at, ...about, lastedMs },
  };
}

/** Whether this is the last status of a removed provider. */
export function isRemoved({ state, lastTransition }: ProviderStatus): boolean {
  return state === 'unknown' && lastTransition?.to === 'unknown';
}
