/**
 * Which writes of a status an alert may follow from: one mark a write, by which a stream filter selects them. It is
 * made of the two statuses alone; next-alert.ts decides whether an alert is sent, from what was announced before.
 */

import { MINUTE_MS } from '../../base/time.ts';
import { isDown } from '../state.ts';
import type { ProviderStatus, StatusChange } from '../status.ts';
import { TRANSITION_TIMES_KEPT } from '../transition.ts';
import type { NoticeSettings } from './alert-settings.ts';
import { downSince, problemOf } from './problem.ts';

/**
 * `transition`: the state changed. `alert_due`: there is a problem to announce that was not there before. `reminder_due`:
 * it has lasted another `remindAfterMinutes`. `settled`: no change of state for 30 minutes, after several.
 */
export const NOTICE_KINDS = ['transition', 'alert_due', 'reminder_due', 'settled'] as const;

export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Marks of a finished tick. `monitor_fault`: its own network failed. `monitor_recovered`: it works again. */
export const MONITOR_NOTICE_KINDS = ['monitor_fault', 'monitor_recovered'] as const;

export type MonitorNoticeKind = (typeof MONITOR_NOTICE_KINDS)[number];

/** How long a provider that flapped must keep its state before it is believed. */
export const SETTLED_AFTER_MS = 30 * MINUTE_MS;

/** @param before The status that the change was made from. */
export function noticeOf(
  before: ProviderStatus,
  { status, transition }: StatusChange,
  settings: NoticeSettings,
): NoticeKind | null {
  if (transition) return 'transition';
  if (isNewProblem(before, status, settings.alertAfter)) return 'alert_due';
  if (hasSettled(before, status)) return 'settled';
  return isReminderDue(before, status, settings.remindAfterMinutes) ? 'reminder_due' : null;
}

/** Also a fault of the provider that turned into ours: an outage ends by itself, a refused key does not. */
function isNewProblem(before: ProviderStatus, status: ProviderStatus, alertAfter: number): boolean {
  const problem = problemOf(status, alertAfter);
  const known = problemOf(before, alertAfter);
  return problem !== null && (known === null || (known === 'outage' && problem === 'action_needed'));
}

/** Fewer transitions than are kept were no flapping. */
function hasSettled(before: ProviderStatus, status: ProviderStatus): boolean {
  const last = status.transitionTimes.at(-1);
  if (last === undefined || status.transitionTimes.length < TRANSITION_TIMES_KEPT) return false;
  const settledAt = Date.parse(last) + SETTLED_AFTER_MS;
  return checkedMs(before) < settledAt && settledAt <= checkedMs(status);
}

function isReminderDue(before: ProviderStatus, status: ProviderStatus, remindAfterMinutes: number | null): boolean {
  if (!isDown(status.state)) return false;
  const since = downSince(status);
  return (
    remindersBy(since, checkedMs(status), remindAfterMinutes) >
    remindersBy(since, checkedMs(before), remindAfterMinutes)
  );
}

/** How many reminders are due by `ms` of what began at `since`. */
export function remindersBy(since: string, ms: number, remindAfterMinutes: number | null): number {
  if (remindAfterMinutes === null) return 0;
  return Math.max(0, Math.floor((ms - Date.parse(since)) / (remindAfterMinutes * MINUTE_MS)));
}

function checkedMs(status: ProviderStatus): number {
  return Date.parse(status.lastCheck?.timestamp ?? status.since);
}
