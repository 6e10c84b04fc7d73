/** Adds decided alerts to the records in the table, where they wait to be sent. */

import { type Alert, type AlertRecord, MONITOR_SUBJECT } from '../../health/alerting/alert.ts';

/**
 * Keeps an ALERT item under 4 KB. A provider has more unsent alerts only if a channel was down during two outages in a
 * row.
 */
const MOST_UNSENT = 4;

/**
 * Adds a record's own alerts to it. Problems that opened together keep their shared thread to the end.
 *
 * @returns The record, and the ids of the oldest alerts, for which it has no room.
 */
export function withAlerts(record: AlertRecord, alerts: readonly Alert[]): { next: AlertRecord; dropped: string[] } {
  const own = alerts.filter(({ provider }) => (provider ?? MONITOR_SUBJECT) === record.subject);
  const { open } = record;
  const opening = own.find(({ phase, at }) => phase === 'opened' && open?.announcedAt === at);
  // After a wrong clock, a decision may be made twice. It has the same alerts, so keep each id once.
  const unsent = [...new Map([...record.unsent, ...own].map((alert) => [alert.id, alert])).values()];
  const dropped = unsent.splice(0, Math.max(0, unsent.length - MOST_UNSENT)).map(({ id }) => id);
  return { next: { ...record, unsent, open: open && opening ? { ...open, thread: opening.thread } : open }, dropped };
}
