/**
 * From notices to messages: records transitions, decides by the rules what is told of them, and sends it. Handed the same
 * notices twice, it sends once: what was told is in the table, and each delivery is claimed there before it is sent.
 *
 *   decide (pure, from what was told before) ─ claim each delivery ─ send ─ settle it ─ remember what was told
 *
 * A crash before the last step leads to the same decision again, whose deliveries are settled already.
 */

import {
  type Alert,
  type AlertRecord,
  MONITOR_SUBJECT,
  newRecord,
  nextAlert,
  nextMonitorAlert,
  severityOf,
} from '../../health/alerting/alert.ts';
import type { NoticeSettings } from '../../health/alerting/alert-settings.ts';
import type { Store } from '../../store/store.ts';
import type { Channel } from '../channels/channel.ts';
import { isMonitorNotice, type Notice } from '../notice.ts';
import { withSharedThreads } from '../words/message.ts';
import type { DeliveryClock } from './deliver.ts';
import { type ChannelLog, sendAll } from './dispatch.ts';
import { withOrdinals } from './ordinals.ts';
import { recordTransition } from './record.ts';
import { isRoutedTo } from './route.ts';

export interface OutboxOptions {
  store: Pick<Store, 'alerts' | 'transitions'>;
  channels: readonly Channel[];
  settings: NoticeSettings;
  clock: DeliveryClock;
  log: ChannelLog;
  /** From 0 (inclusive) to 1 (exclusive). Default: `Math.random`. */
  random?: () => number;
  /**
   * Age of an alert in milliseconds beyond which a channel that fails is not tried again. Default: it is tried for ever.
   * For callers in whose queue nothing passes what failed: news for the other channels must not wait long.
   */
  giveUpAfterMs?: number;
  /** Told of the alerts that a channel refused, or was given up with. Default: nobody is, beyond the log. */
  onLost?: (alerts: readonly string[]) => void;
}

export interface Outbox {
  /**
   * Handles the notices of one tick, or of one batch: those of one provider in the order of their writes. One call at a
   * time.
   *
   * @param signal Aborts what is under way. Default: nothing does.
   * @returns Those that have to be handed over again: with something of them a store or a channel failed.
   * @throws {StoreError} When nothing could be done at all.
   */
  handle(notices: readonly Notice[], signal?: AbortSignal): Promise<ReadonlySet<Notice>>;
}

/** What became of one provider, or of the monitor, by the notices at hand. */
interface Subject {
  before: AlertRecord;
  after: AlertRecord;
  notices: Notice[];
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, channels, settings, log } = options;

  return {
    async handle(notices, signal = new AbortController().signal) {
      const failed = new Set<Notice>();
      await Promise.all(
        notices.map((notice) =>
          recordTransition(store, notice).catch((cause: unknown) => {
            failed.add(notice);
            log.error('transition not recorded', { error: String(cause) });
          }),
        ),
      );
      if (channels.length === 0) return failed;

      const known = new Map((await store.alerts.list()).map((record) => [record.subject, record]));
      const subjects = new Map<string, Subject>();
      const decided: Alert[] = [];
      for (const notice of notices) {
        const id = subjectOf(notice);
        const before = known.get(id) ?? newRecord(id);
        const subject = subjects.get(id) ?? { before, after: before, notices: [] };
        const step = nextStep(subject.after, notice, settings);
        subjects.set(id, { before, after: step.record, notices: [...subject.notices, notice] });
        if (step.alert) decided.push(step.alert);
      }

      const alerts = withSharedThreads(await withOrdinals(store, decided, log));
      joinThreads(subjects, alerts);
      const all = [...new Map([...known, ...[...subjects].map(([id, { after }]) => [id, after] as const)]).values()];
      const unsent = await sendAll(alerts, { ...options, signal, openThreads: (channel) => openThreads(all, channel) });

      await Promise.all(
        [...subjects].map(async ([id, { before, after, notices: own }]) => {
          const isDone = !unsent.has(id) && own.every((notice) => !failed.has(notice));
          if (isDone && (!isChanged(before, after) || (await remember(after)))) return;
          for (const notice of own) failed.add(notice);
        }),
      );
      return failed;
    },
  };

  async function remember(record: AlertRecord): Promise<boolean> {
    try {
      await store.alerts.put(record);
      return true;
    } catch (cause) {
      log.error('what was told could not be remembered', { subject: record.subject, error: String(cause) });
      return false;
    }
  }
}

function subjectOf(notice: Notice): string {
  return isMonitorNotice(notice) ? MONITOR_SUBJECT : notice.status.provider;
}

function nextStep(record: AlertRecord, notice: Notice, settings: NoticeSettings) {
  if (!isMonitorNotice(notice)) return nextAlert(record, notice.status, settings);
  const { tick, faultSince = null } = notice.heartbeat;
  return nextMonitorAlert(record, { tick, faultSince }, settings);
}

/** Those that were told of together stay together, to their end. */
function joinThreads(subjects: Map<string, Subject>, alerts: readonly Alert[]): void {
  for (const { provider, phase, thread, at } of alerts) {
    const subject = subjects.get(provider ?? MONITOR_SUBJECT);
    if (!subject?.after.open || phase !== 'opened' || subject.after.open.toldAt !== at) continue;
    subject.after = { ...subject.after, open: { ...subject.after.open, thread } };
  }
}

/** As far as the channel was told of them. */
function openThreads(records: readonly AlertRecord[], { settings }: Channel): ReadonlySet<string> {
  return new Set(
    records.flatMap(({ subject, open }) => {
      if (open === null) return [];
      const provider = subject === MONITOR_SUBJECT ? null : subject;
      return isRoutedTo(settings, { ...open, provider, severity: severityOf(open.problem) }) ? [open.thread] : [];
    }),
  );
}

/** A check that nothing was told of need not be remembered: deciding about it again comes to the same. */
function isChanged(before: AlertRecord, after: AlertRecord): boolean {
  return JSON.stringify({ ...before, asOf: '' }) !== JSON.stringify({ ...after, asOf: '' });
}
