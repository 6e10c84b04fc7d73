/**
 * Decides which alerts follow from a new status: one when a problem begins, reminders while it lasts, one when it ends, and
 * at most two while a provider flaps. Pure: the same statuses in the same order always give the same alerts, so a notice that is
 * delivered twice sends one alert. lib/alerts decides where alerts go, and words them.
 */

import { isEnded } from '../ended-status.ts';
import { isDown, isWorking } from '../state.ts';
import type { ProviderStatus } from '../status.ts';
import {
  type Alert,
  type AlertPhase,
  type AlertRecord,
  MONITOR_SUBJECT,
  type OpenProblem,
  severityOf,
} from './alert.ts';
import type { NoticeSettings } from './alert-settings.ts';
import { remindersBy, SETTLED_AFTER_MS } from './notice.ts';
import { downSince, type Problem, problemOf } from './problem.ts';

/** The record after one more status, and the alerts to send, oldest first. */
export interface AlertStep {
  record: AlertRecord;
  alerts: readonly Alert[];
}

/**
 * The next record, and its alerts. A status that is not newer than the record changes nothing. If the notice of a recovery was
 * lost, the recovery is announced now, before the next problem, so that a lost notice never hides the next outage.
 */
export function nextAlert(record: AlertRecord, status: ProviderStatus, settings: NoticeSettings): AlertStep {
  if (isEnded(status)) return ended(record, status);
  const { lastCheck } = status;
  if (lastCheck === null || lastCheck.timestamp <= record.asOf) return { record, alerts: [] };
  const at = lastCheck.timestamp;
  const current = { ...record, asOf: at };
  if (record.quiet && !hasSettled(status, at)) return whileFlapping(current, status, at, settings);
  const settled: AlertRecord = { ...current, quiet: false };

  if (isWorking(status.state))
    return settled.open ? recovered(settled, settled.open, status, at) : stepOf(settled, null);
  if (lastCheck.maintenance) return stepOf(settled, null);
  const missed = missedEnd(record, status);
  if (missed !== null) {
    const rest = problemStep({ ...settled, open: null }, record.quiet, status, at, settings);
    return { record: rest.record, alerts: [missed, ...rest.alerts] };
  }
  return problemStep(settled, record.quiet, status, at, settings);
}

/**
 * A provider that flaps causes no more alerts, except the first time that it is blacklisted: then it does not go down for a
 * moment only, and people who get only outages have heard nothing of it yet.
 */
function whileFlapping(record: AlertRecord, status: ProviderStatus, at: string, settings: NoticeSettings): AlertStep {
  if (record.open?.problem !== 'flapping' || status.state !== 'blacklisted') return stepOf(record, null);
  const problem = problemOf(status, settings.alertAfter);
  return problem === null ? stepOf(record, null) : opened(record, status, problem, at);
}

/** The provider is no longer checked, so an open problem ends. */
function ended(record: AlertRecord, status: ProviderStatus): AlertStep {
  const { open } = record;
  const at = status.since;
  if (at <= record.asOf) return { record, alerts: [] };
  const current: AlertRecord = { ...record, asOf: at, quiet: false };
  return open === null ? stepOf(current, null) : recovered(current, open, status, at);
}

/**
 * The end of an open problem of a provider that is no longer checked and has no status that shows it.
 *
 * @param now The time of the end, unless the record is newer.
 */
export function endedRecord(record: AlertRecord & { open: OpenProblem }, now: Date): AlertStep {
  const { subject, open } = record;
  const at = new Date(Math.max(now.getTime(), Date.parse(record.asOf) + 1)).toISOString();
  const alert: Alert = {
    ...common(open, 'recovered', at),
    id: `${at}#${subject}/recovered`,
    provider: subject,
    model: null,
    tags: open.tags,
    state: 'unknown',
    category: null,
    fault: null,
    errorMessage: null,
  };
  return stepOf({ ...record, asOf: at, quiet: false, open: null }, alert);
}

/** @param wasQuiet The provider flapped, but has now kept its state for 30 minutes, so it no longer flaps. */
function problemStep(
  settled: AlertRecord,
  wasQuiet: boolean,
  status: ProviderStatus,
  at: string,
  settings: NoticeSettings,
): AlertStep {
  if (!wasQuiet && isFlapping(settled, status, at, settings)) return flapping(settled, status, at);
  const problem = problemOf(status, settings.alertAfter);
  const { open } = settled;
  if (problem !== null && isNews(open, problem)) return opened(settled, status, problem, at);
  if (open !== null && isDown(status.state) && isReminderDue(open, at, settings))
    return reminder(settled, open, status, at);
  return stepOf(settled, null);
}

/** The part of a heartbeat that alerts about the monitor itself need. */
export interface MonitorPulse {
  /** The tick's time, ISO 8601 UTC. */
  tick: string;
  /** Time of the tick at which the monitor's network began to fail; null when it works. */
  faultSince: string | null;
}

/** {@link nextAlert} for the monitor itself. */
export function nextMonitorAlert(record: AlertRecord, pulse: MonitorPulse, settings: NoticeSettings): AlertStep {
  const { tick: at, faultSince } = pulse;
  if (at <= record.asOf) return { record, alerts: [] };
  const current = { ...record, asOf: at };
  const { open } = record;
  if (faultSince === null) {
    if (open === null) return stepOf(current, null);
    return stepOf({ ...current, open: null }, monitorAlert(open, 'recovered', at));
  }
  if (open === null) {
    const thread = `${faultSince}#${MONITOR_SUBJECT}`;
    const fresh = { problem: 'monitor_fault' as const, since: faultSince, announcedAt: at, thread, tags: [] };
    return stepOf({ ...current, open: fresh }, monitorAlert(fresh, 'opened', at));
  }
  if (!isReminderDue(open, at, settings)) return stepOf(current, null);
  return stepOf({ ...current, open: { ...open, announcedAt: at } }, monitorAlert(open, 'reminder', at));
}

/** Whether the last change of state before this check was at least 30 minutes ago. */
function hasSettled({ transitionTimes }: ProviderStatus, at: string): boolean {
  const before = transitionTimes.filter((time) => time < at).at(-1);
  return before === undefined || Date.parse(before) + SETTLED_AFTER_MS <= Date.parse(at);
}

/** Flapping is announced when the provider goes down again. It never replaces a recovery, because people wait for that. */
function isFlapping({ open }: AlertRecord, status: ProviderStatus, at: string, settings: NoticeSettings): boolean {
  if (!status.flapping || open !== null) return false;
  const { lastTransition } = status;
  const fell = lastTransition?.at === at && isWorking(lastTransition.from);
  return fell || problemOf(status, settings.alertAfter) !== null;
}

/**
 * Whether the problem needs an alert of its own: there was none, the provider flapped before, or an outage now needs our fix.
 * An outage that follows our own fault needs none.
 */
function isNews(open: OpenProblem | null, problem: Problem): boolean {
  return open === null || open.problem === 'flapping' || (open.problem === 'outage' && problem === 'action_needed');
}

function isReminderDue(open: OpenProblem, at: string, { remindAfterMinutes }: NoticeSettings): boolean {
  const by = (time: string) => remindersBy(open.since, Date.parse(time), remindAfterMinutes);
  return by(at) > by(open.announcedAt);
}

function opened(record: AlertRecord, status: ProviderStatus, problem: Problem, at: string): AlertStep {
  const since = downSince(status);
  // A problem that turns into another one keeps its thread.
  const thread = record.open?.thread ?? `${since}#${status.provider}`;
  const open = { problem, since, announcedAt: at, thread, tags: status.tags };
  return stepOf({ ...record, open }, alertOf(status, open, 'opened', at));
}

function flapping(record: AlertRecord, status: ProviderStatus, at: string): AlertStep {
  const since = status.transitionTimes[0] ?? at;
  const open = {
    problem: 'flapping' as const,
    since,
    announcedAt: at,
    thread: `${at}#${status.provider}`,
    tags: status.tags,
  };
  return stepOf({ ...record, open, quiet: true }, alertOf(status, open, 'opened', at));
}

function reminder(record: AlertRecord, open: OpenProblem, status: ProviderStatus, at: string): AlertStep {
  return stepOf({ ...record, open: { ...open, announcedAt: at } }, alertOf(status, open, 'reminder', at));
}

function recovered(record: AlertRecord, open: OpenProblem, status: ProviderStatus, at: string): AlertStep {
  return stepOf({ ...record, open: null }, alertOf(status, open, 'recovered', at));
}

function stepOf(record: AlertRecord, alert: Alert | null): AlertStep {
  return { record, alerts: alert === null ? [] : [alert] };
}

/**
 * The end of an open problem, if its notice was lost: the provider is down again, since a time after the last alert. It worked
 * in between, or was removed.
 */
function missedEnd({ open, asOf }: AlertRecord, status: ProviderStatus): Alert | null {
  // A flapping provider goes down and up within one problem.
  if (open === null || open.problem === 'flapping' || !isDown(status.state)) return null;
  const since = downSince(status);
  if (since <= open.announcedAt) return null;
  const { lastTransition, lastHealthyAt } = status;
  // A removed provider that is checked again. The time is before the next problem, so that channels get the alerts in order.
  if (lastTransition?.at === since && lastTransition.from === 'unknown') {
    const endedAt = new Date(Math.max(Date.parse(asOf), Date.parse(open.announcedAt)) + 1).toISOString();
    return { ...alertOf(status, open, 'recovered', endedAt), state: 'unknown' };
  }
  const workedFrom =
    lastTransition?.at === since
      ? new Date(Date.parse(since) - lastTransition.lastedMs).toISOString()
      : (lastHealthyAt ?? since);
  return { ...alertOf(status, open, 'recovered', workedFrom), state: 'healthy' };
}

function alertOf(status: ProviderStatus, open: OpenProblem, phase: AlertPhase, at: string): Alert {
  const check = phase === 'recovered' ? null : status.lastCheck;
  return {
    ...common(open, phase, at),
    id: `${at}#${status.provider}/${phase}`,
    provider: status.provider,
    model: status.model,
    tags: status.tags,
    state: status.state,
    category: check?.category ?? null,
    fault: check?.fault ?? null,
    errorMessage: check?.errorMessage ?? null,
  };
}

function monitorAlert(open: OpenProblem, phase: AlertPhase, at: string): Alert {
  return {
    ...common(open, phase, at),
    id: `${at}#${MONITOR_SUBJECT}/${phase}`,
    provider: null,
    model: null,
    tags: [],
    state: null,
    category: null,
    fault: null,
    errorMessage: null,
  };
}

function common({ problem, since, thread }: OpenProblem, phase: AlertPhase, at: string) {
  return {
    phase,
    problem,
    severity: severityOf(problem),
    since,
    at,
    lastedMs: Math.max(0, Date.parse(at) - Date.parse(since)),
    thread,
    ordinal: null,
  };
}
