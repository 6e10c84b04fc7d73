/**
 * How a provider is shown: its look (colour and mark), its state in words, and why it is so. Whose fault a failure is
 * decides the look, since an outage and a key of ours that ran out are different news.
 */

import type { AgedStatus } from '../health/aged-status.ts';
import type { Fault } from '../health/category.ts';
import { usualMs } from '../health/recent.ts';
import { durationText, momentText, responseText } from './figures.ts';
import { CATEGORY_WORDS, STATE_WORDS } from './terms.ts';

/** `ok`: works. `warn`: works, but. `bad`: an outage. `ours`: down by a fault of ours. `off`: not known. */
export type Look = 'ok' | 'warn' | 'bad' | 'ours' | 'off';

/** The state to show: one that is stale or disabled is not shown as if it still held. */
export function wordOf(status: AgedStatus): string {
  if (!status.enabled) return 'Disabled';
  return status.stale ? 'Stale' : STATE_WORDS[status.state];
}

export function lookOf(status: AgedStatus): Look {
  if (!status.enabled || status.stale) return 'off';
  switch (status.state) {
    case 'unknown':
      return 'off';
    case 'healthy':
      return 'ok';
    case 'degraded':
      return 'warn';
    case 'unhealthy':
    case 'blacklisted':
      return faultOf(status) === 'ours' ? 'ours' : 'bad';
    default: {
      const never: never = status;
      return never;
    }
  }
}

/** Whose fault it is that the provider does not work; null when it works or the fault is not known. */
function faultOf(status: AgedStatus): Fault | null {
  if (status.lastCheck?.fault) return status.lastCheck.fault;
  return status.state === 'blacklisted' ? status.blacklistedFor : null;
}

export interface Reason {
  title: string;
  /** The provider's own words, or figures; null when the title says it all. */
  detail: string | null;
  fault: Fault | null;
}

/** Why the provider is not simply healthy; null when it is. */
export function reasonOf(status: AgedStatus): Reason | null {
  const { lastCheck, state } = status;
  if (!status.enabled) return { title: 'Neither checked nor selected', detail: null, fault: null };
  if (lastCheck === null) return { title: 'Not checked yet', detail: null, fault: null };
  if (status.stale) {
    if (status.fromFuture) {
      const detail = 'Its last check is ahead of this clock, so nobody knows how old it is.';
      return { title: 'A clock is wrong', detail, fault: null };
    }
    const was = `It was ${STATE_WORDS[state].toLowerCase()} when it was last checked.`;
    return { title: 'Not checked for too long', detail: was, fault: null };
  }
  if (!lastCheck.isHealthy) {
    return { title: CATEGORY_WORDS[lastCheck.category], detail: lastCheck.errorMessage, fault: lastCheck.fault };
  }
  if (state === 'blacklisted') return { title: 'Recovering', detail: recovery(status), fault: null };
  if (state === 'degraded') {
    return { title: 'Slow', detail: slownessOf(status, lastCheck.responseTimeMs), fault: null };
  }
  return null;
}

/** How slow now, and usually: "2.0 s, usually 0.28 s". */
function slownessOf({ typicalResponseMs, recent }: AgedStatus, lastMs: number): string {
  const nowText = responseText(typicalResponseMs ?? lastMs);
  const usual = usualMs(recent);
  const usualText = usual === null ? nowText : responseText(usual);
  return usualText === nowText ? `${nowText}.` : `${nowText}, usually ${usualText}.`;
}

function recovery(status: AgedStatus & { state: 'blacklisted' }): string {
  const good = `${status.consecutiveSuccesses} good in a row`;
  const held = status.holdUntil !== null && status.lastCheck !== null && status.holdUntil > status.lastCheck.timestamp;
  return held && status.holdUntil !== null ? `${good}; held until ${momentText(status.holdUntil)}.` : `${good}.`;
}

/** What else is worth knowing: planned pauses, flapping, a used-up limit, a warning. */
export function notesOf(status: AgedStatus, now: Date): string[] {
  const time = now.toISOString();
  const until = (end: string) => `for ${durationText(Date.parse(end) - now.getTime())} more`;
  return [
    ...(status.maintenanceUntil !== null && status.maintenanceUntil > time
      ? [`Maintenance ${until(status.maintenanceUntil)}`]
      : []),
    ...(status.drainUntil !== null && status.drainUntil > time ? [`Drained ${until(status.drainUntil)}`] : []),
    ...(status.flapping ? ['Flapping'] : []),
    ...(status.tokenLimitReached ? ['Token limit reached: lists models only'] : []),
    ...(status.lastCheck?.warning ? [status.lastCheck.warning] : []),
  ];
}
