/**
 * Decides which writes of a status carry a notice, so that the stream filter passes them. It compares the status before and
 * after the write. next-alert.ts then decides whether to send an alert, from the alerts that were sent before.
 */

import { MINUTE_MS } from '../../base/time.ts';
import { isDown } from '../state.ts';
import type { ProviderStatus, StatusChange } from '../status.ts';
import { TRANSITION_TIMES_KEPT } from '../transition.ts';
import type { NoticeSettings } from './alert-settings.ts';
import { downSince, problemOf } from './problem.ts';

/**
 * `transition`: the state changed. `alert_due`: a problem is now worth an alert. `reminder_due`: the problem has lasted another
 * `remindAfterMinutes`. `settled`: after several changes, the state did not change for 30 minutes.
 */
export const NOTICE_KINDS = ['transition', 'alert_due', 'reminder_due', 'settled'] as const;

export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Notices of a finished tick. `monitor_fault`: the monitor's network failed. `monitor_recovered`: it works again. */
export const MONITOR_NOTICE_KINDS = ['monitor_fault', 'monitor_recovered'] as const;

export type MonitorNoticeKind = (typeof MONITOR_NOTICE_KINDS)[number];

/** Notice of a record of alerts. `unsent`: the check function has ended an alert, and the alerts function has to send that. */
export const ALERT_NOTICE_KINDS = ['unsent'] as const;

export type AlertNoticeKind = (typeof ALERT_NOTICE_KINDS)[number];

/** A provider that flapped must keep its state for this long before alerts are sent again. */
export const SETTLED_AFTER_MS = 30 * MINUTE_MS;

/** The notice for a write of a status; null for none. @param before The status before the change. */
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

/** An outage that turns into our fault is a new problem too: an outage ends by itself, a refused key does not. */
function isNewProblem(before: ProviderStatus, status: ProviderStatus, alertAfter: number): boolean {
  const problem = problemOf(status, alertAfter);
  const known = problemOf(before, alertAfter);
  return problem !== null && (known === null || (known === 'outage' && problem === 'action_needed'));
}

/** Whether 30 minutes without a change of state ended with this check, after enough transitions to flap. */
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

/** The number of reminders that are due at `ms` about a problem that began at `since`. */
export function remindersBy(since: string, ms: number, remindAfterMinutes: number | null): number {
  if (remindAfterMinutes === null) return 0;
  return Math.max(0, Math.floor((ms - Date.parse(since)) / (remindAfterMinutes * MINUTE_MS)));
}

function checkedMs(status: ProviderStatus): number {
  return Date.parse(status.lastCheck?.timestamp ?? status.since);
}
