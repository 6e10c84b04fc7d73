/**
 * How a provider is shown: its look (colour and mark), its state in words, and the reason. The look depends on the fault,
 * because an outage and a wrong key of ours need different reactions.
 */

import type { AgedStatus } from '../health/aged-status.ts';
import { type Category, type Fault, faultOf as faultOfCategory } from '../health/category.ts';
import { usualMs } from '../health/recent.ts';
import type { Uptime } from '../health/uptime/uptime.ts';
import { durationText, momentText, responseText, scoreText } from './figures.ts';
import { CATEGORY_WORDS, STATE_WORDS } from './terms.ts';

/**
 * The health score; `–` for a provider that never had a good check. A connection that is refused at once has a score of 0.6,
 * which would look like a provider that works.
 */
export function healthScoreText({ lastHealthyAt, healthScore }: AgedStatus): string {
  return lastHealthyAt === null ? '–' : scoreText(healthScore);
}

/** The usual response time is shown too when the last one was more than 1.5 times as long. */
const SLOWER = 1.5;

/** `ok`: works. `warn`: slow, or recovering. `bad`: an outage. `ours`: down by our fault. `off`: state not known, or disabled. */
export type Look = 'ok' | 'warn' | 'bad' | 'ours' | 'off';

/**
 * The standing of a provider, worst first. It is the state, unless the status is stale, the provider is disabled, or a
 * blacklisted provider has good checks again (recovering).
 */
export const STANDINGS = [
  'unhealthy',
  'blacklisted',
  'degraded',
  'recovering',
  'stale',
  'unknown',
  'healthy',
  'disabled',
] as const;

export type Standing = (typeof STANDINGS)[number];

export const STANDING_WORDS: Record<Standing, string> = {
  ...STATE_WORDS,
  recovering: 'Recovering',
  stale: 'Stale',
  disabled: 'Disabled',
};

export function standingOf(status: AgedStatus): Standing {
  if (!status.enabled) return 'disabled';
  if (status.stale) return 'stale';
  return status.state === 'blacklisted' && status.lastCheck?.isHealthy ? 'recovering' : status.state;
}

/** Whether the provider is known not to work now. */
export function isNotWorking(standing: Standing): boolean {
  return standing === 'unhealthy' || standing === 'blacklisted' || standing === 'recovering';
}

export function wordOf(status: AgedStatus): string {
  return STANDING_WORDS[standingOf(status)];
}

export function lookOf(status: AgedStatus): Look {
  const standing = standingOf(status);
  switch (standing) {
    case 'disabled':
    case 'stale':
    case 'unknown':
      return 'off';
    case 'healthy':
      return 'ok';
    case 'degraded':
    case 'recovering':
      return 'warn';
    case 'unhealthy':
    case 'blacklisted':
      return faultOf(status) === 'ours' ? 'ours' : 'bad';
    default: {
      const never: never = standing;
      return never;
    }
  }
}

/** The fault of the failure; null when the provider works or the fault is not known. */
function faultOf(status: AgedStatus): Fault | null {
  if (status.lastCheck?.fault) return status.lastCheck.fault;
  return status.state === 'blacklisted' ? status.blacklistedFor : null;
}

export interface Reason {
  title: string;
  /** The provider's own error message, or more facts; null when the title says it all. */
  detail: string | null;
  fault: Fault | null;
}

/** The reason why the provider is not healthy; null when it is healthy. */
export function reasonOf(status: AgedStatus, now: Date): Reason | null {
  const { lastCheck, state } = status;
  if (!status.enabled) return { title: 'Neither checked nor selected', detail: null, fault: null };
  if (lastCheck === null) return { title: 'Not checked yet', detail: null, fault: null };
  if (state === 'unknown') return { title: 'Not checked yet since it was enabled again', detail: null, fault: null };
  if (status.stale) {
    if (status.fromFuture) {
      const detail = 'Its last check is ahead of this clock, so its age is not known.';
      return { title: 'A clock is wrong', detail, fault: null };
    }
    const was = `It was ${STATE_WORDS[state].toLowerCase()} when it was last checked.`;
    return { title: 'Not checked for too long', detail: was, fault: null };
  }
  if (!lastCheck.isHealthy) {
    return { title: CATEGORY_WORDS[lastCheck.category], detail: lastCheck.errorMessage, fault: lastCheck.fault };
  }
  if (state === 'blacklisted') return { title: backText(status.holdUntil, now), detail: null, fault: null };
  if (state === 'degraded') return { title: 'Slow', detail: slowText(status, lastCheck.responseTimeMs), fault: null };
  return null;
}

function backText(holdUntil: string | null, now: Date): string {
  const leftMs = holdUntil === null ? 0 : Date.parse(holdUntil) - now.getTime();
  return leftMs > 0 ? `Back in ${durationText(leftMs)}, if it keeps working` : 'Back after the next good check';
}

/** The last and the usual response time. When the last answer was fast again, the text names the rule for slow providers. */
function slowText({ recent }: AgedStatus, lastMs: number): string {
  const usual = usualMs(recent);
  if (usual === null) return responseText(lastMs);
  if (lastMs > usual * SLOWER) return `${responseText(lastMs)}, usually ${responseText(usual)}`;
  return `${responseText(lastMs)} now; slow in 3 of the last 5 checks`;
}

/** A fact beside the state, in a word or two. */
export interface Note {
  text: string;
  /** For how long it still lasts; null when that is not known. Narrow rows leave it out. */
  left: string | null;
  /** More about it; null when the text says it all. */
  detail: string | null;
}

/** Further facts: planned pauses, drain, flapping, a token limit that is reached, a warning. */
export function notesOf(status: AgedStatus, now: Date): Note[] {
  const time = now.toISOString();
  const notes: Note[] = [];
  const pause = (text: string, until: string | null, reason: string | null | undefined) => {
    if (until === null || until <= time) return;
    const left = durationText(Date.parse(until) - now.getTime());
    const detail = `Until ${momentText(until)}${reason ? `: ${reason}` : ''}`;
    notes.push({ text, left: `for ${left} more`, detail });
  };
  pause('Maintenance', status.maintenanceUntil, status.maintenanceReason);
  pause('Drained', status.drainUntil, status.drainReason);
  if (status.flapping) notes.push({ text: 'Flapping', left: null, detail: 'Its state changed 4 times in 30 minutes.' });
  if (status.tokenLimitReached) {
    const detail = 'The day’s token limit is reached: its checks only list models until midnight UTC.';
    notes.push({ text: 'Token limit', left: null, detail });
  }
  const warning = status.lastCheck?.warning;
  if (warning) notes.push({ text: warningWord(warning), left: null, detail: warning });
  return notes;
}

/** A warning in two words. The page shows the whole warning beside it. */
function warningWord(warning: string): string {
  if (warning.includes('answered by')) return 'Other model';
  return warning.includes('shuts down') ? 'Model ends' : 'Warning';
}

const OUR_WORDS: Partial<Record<Category, string>> = {
  auth: 'our key',
  quota: 'our quota',
  rate_limited: 'our limit',
};

/** The categories of failures with their counts, the most frequent first. */
export function failuresByCount(failures: Uptime['failures']): [Category, number][] {
  return (Object.entries(failures) as [Category, number][]).sort(([, a], [, b]) => b - a);
}

/** Our most frequent fault, such as `our key`, when more than half of the failures were our fault; null otherwise. */
export function ourShareOf({ failures }: Pick<Uptime, 'failures'>): string | null {
  const counts = failuresByCount(failures);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const ours = counts.filter(([category]) => faultOfCategory(category) === 'ours');
  const oursCount = ours.reduce((sum, [, count]) => sum + count, 0);
  const main = ours[0]?.[0];
  return main !== undefined && oursCount * 2 > all ? (OUR_WORDS[main] ?? 'our settings') : null;
}
