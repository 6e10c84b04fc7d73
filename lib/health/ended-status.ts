/**
 * The status of a provider that is no longer checked, because it was removed or disabled while it had a problem. Nothing is
 * known of it any more, so its incident and its alert end. If it is checked again, it starts like a new provider.
 */

import { SETTLED_AFTER_MS } from './alerting/notice.ts';
import { isDown, withoutDetail } from './state.ts';
import { NOTHING_KNOWN, type ProviderStatus, transitionsIn } from './status.ts';
import { endOfChecks, TRANSITION_TIMES_KEPT } from './transition.ts';

/**
 * The status with which a provider's problem ends, with the next version: `unknown` since its last check. Null when no problem
 * can be open, so that nothing has to end.
 */
export function endedStatus(status: ProviderStatus): ProviderStatus | null {
  const { provider, state } = status;
  if (!mayHaveProblem(status)) return null;
  const end = endOfChecks(provider, lastCheckedMs(status), state, status.since);
  return {
    ...withoutDetail(status),
    ...NOTHING_KNOWN,
    version: status.version + 1,
    since: end.at,
    unrecordedTransitions: transitionsIn(status),
    lastTransition: end,
  };
}

/** Whether this is the status of a provider whose checks ended with a problem, and that has not been checked since. */
export function isEnded({ state, lastTransition }: ProviderStatus): boolean {
  return state === 'unknown' && lastTransition?.to === 'unknown';
}

/** Whether an incident or an alert of the provider may be open: it is down, or it flapped and has not settled. */
function mayHaveProblem(status: ProviderStatus): boolean {
  const { state, transitionTimes } = status;
  if (isDown(state)) return true;
  const settledBeforeMs = lastCheckedMs(status) - SETTLED_AFTER_MS;
  return (
    transitionTimes.length >= TRANSITION_TIMES_KEPT &&
    transitionTimes.some((time) => Date.parse(time) > settledBeforeMs)
  );
}

/** The time of the last check; without one, that of the last change of state. */
function lastCheckedMs({ lastCheck, since }: ProviderStatus): number {
  return Date.parse(lastCheck?.timestamp ?? since);
}
