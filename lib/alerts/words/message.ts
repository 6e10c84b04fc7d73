/** One message to one channel: one alert, or the alerts of three or more providers in one tick. */

import type { Alert } from '../../health/alerting/alert.ts';

export interface AlertMessage {
  kind: 'alerts';
  /** One; or several of one tick and one phase, in id order. */
  alerts: readonly [Alert, ...Alert[]];
  /** Threads in which a provider is still down, so they are not resolved. */
  openThreads: ReadonlySet<string>;
  /** Address of the status page; null: not known, so the message has no link. */
  publicUrl: string | null;
}

/** Sent on request, to see whether the channel works. */
export interface TestMessage {
  kind: 'test';
  /** ISO 8601 UTC. */
  at: string;
}

export type Message = AlertMessage | TestMessage;

/** The alerts of this many providers in one tick become one message. */
const GROUPED_FROM = 3;

/** Gives alerts that open together a shared thread. They keep it until they are over. */
export function withSharedThreads(alerts: readonly Alert[]): Alert[] {
  const together = groupsOf(alerts);
  return alerts.map((alert) => {
    const group = together.get(groupKey(alert));
    const shared = alert.phase === 'opened' && group !== undefined && group.length >= GROUPED_FROM;
    return shared ? { ...alert, thread: `${alert.at}#group` } : alert;
  });
}

/** Groups alerts into messages, in the order of the alerts. */
export function messagesOf(
  alerts: readonly Alert[],
  openThreads: ReadonlySet<string>,
  publicUrl: string | null,
): AlertMessage[] {
  return [...groupsOf(alerts).values()].flatMap((group): AlertMessage[] => {
    // Sort by id. The alerts are in the order of the response times, which means nothing here.
    const inOrder = [...group].sort((a, b) => ((a.provider ?? '') < (b.provider ?? '') ? -1 : 1));
    const [first, ...rest] = inOrder;
    if (first === undefined) return [];
    if (group.length >= GROUPED_FROM) return [{ kind: 'alerts', alerts: [first, ...rest], openThreads, publicUrl }];
    return inOrder.map((alert) => ({ kind: 'alerts', alerts: [alert], openThreads, publicUrl }));
  });
}

function groupsOf(alerts: readonly Alert[]): Map<string, Alert[]> {
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) groups.set(groupKey(alert), [...(groups.get(groupKey(alert)) ?? []), alert]);
  return groups;
}

/** An alert about the monitor is a message of its own. */
function groupKey({ at, phase, provider }: Alert): string {
  return `${at} ${phase}${provider === null ? ' monitor' : ''}`;
}
