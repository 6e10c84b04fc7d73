/**
 * Turns notices into messages: records transitions, decides by the rules which alerts follow, and sends them.
 *
 *   decide (pure, from what was announced before) ─ keep the alerts in the table, unsent
 *   send: claim each delivery ─ send ─ settle it ─ keep what is left unsent
 *
 * An alert is in the table before the first channel gets it, so a crash or a stop loses none: the next sender sends it.
 * The same notices, passed in twice, are sent once. A decision gives the same alerts with the same ids each time. It is
 * written only if its record has not changed since. And each delivery is claimed and settled in the table. dispatch.ts
 * lists the cases where a delivery is sent twice all the same.
 */

import { messageOf } from '../../base/error-text.ts';
import { type Alert, type AlertRecord, MONITOR_SUBJECT, newRecord, severityOf } from '../../health/alerting/alert.ts';
import type { NoticeSettings } from '../../health/alerting/alert-settings.ts';
import { type AlertStep, nextAlert, nextMonitorAlert } from '../../health/alerting/next-alert.ts';
import type { Store } from '../../store/store.ts';
import type { Channel } from '../channels/channel.ts';
import { isStatusNotice, type Notice, subjectOf } from '../notice.ts';
import { createTransitionLog, type TransitionLog } from '../transition-log.ts';
import { type AlertMessage, withSharedThreads } from '../words/message.ts';
import type { DeliveryClock } from './deliver.ts';
import type { Unsettled } from './deliveries.ts';
import { type ChannelLog, sendTo } from './dispatch.ts';
import { withOrdinals } from './ordinals.ts';
import { isRoutedTo } from './route.ts';
import { endUnchecked } from './unchecked.ts';
import { withAlerts } from './unsent.ts';

export interface OutboxOptions {
  store: Pick<Store, 'alerts' | 'transitions'>;
  channels: readonly Channel[];
  settings: NoticeSettings;
  clock: DeliveryClock;
  log: ChannelLog;
  /** Default: a new log. */
  transitions?: TransitionLog;
  /** From 0 (inclusive) to 1 (exclusive). Default: `Math.random`. */
  random?: () => number;
  /**
   * Age of an alert in milliseconds. When a channel fails for an older alert, the alert is given up. Default: never.
   * For callers with a queue that a failed notice blocks: alerts to the other channels must not wait long.
   */
  giveUpAfterMs?: number;
  /** For how long a message is retried in one call, in milliseconds. Default 20 s. */
  retryMs?: number;
  /**
   * Whether the caller of `handle` sends again by itself what a channel did not take. Then `handle` does not return the
   * notices of such alerts, so that one channel's failure holds back no other channel. Default: it returns them.
   */
  sendsAgain?: boolean;
  /** Address of the status page, for links. Default: not known. */
  publicUrl?: string | null;
  /** Called with the ids of alerts that a channel refused or that were given up. Default: they are only logged. */
  onLost?: (alerts: readonly string[]) => void;
  /** Called for each message that a channel took. Must not throw. */
  onSent?: (message: AlertMessage, channel: string) => void;
}

export interface Outbox {
  /**
   * Records the transitions of notices and decides which alerts follow. Nothing is sent yet. The notices of one
   * provider must be in the order of their writes.
   *
   * @returns The notices to pass in again, because a write for them failed.
   * @throws {StoreError} When nothing could be decided.
   */
  decide(notices: readonly Notice[]): Promise<Set<Notice>>;
  /**
   * Ends the open problems of providers that are no longer checked. Nothing is sent yet.
   *
   * @returns Whether there were some.
   * @throws {StoreError}
   */
  endUnchecked(isChecked: (provider: string) => boolean): Promise<boolean>;
  /**
   * Sends the unsent alerts of the table. Calls for different channels may run at the same time.
   *
   * @param signal Aborts the sending. The rest stays unsent.
   * @param channel Id of the only channel to send to. Default: all, at once.
   * @returns The subjects of alerts that these channels did not get.
   * @throws {StoreError}
   */
  send(signal: AbortSignal, channel?: string): Promise<Set<string>>;
  /**
   * Decides and sends, for a caller that gets failed notices again, such as a function on the table's stream.
   *
   * @returns The notices to pass in again, because the store failed for them, or a channel (see `sendsAgain`).
   * @throws {StoreError} When nothing could be done at all.
   */
  handle(notices: readonly Notice[]): Promise<ReadonlySet<Notice>>;
}

/** More conflicts in a row than this are not a race but a fault. */
const MOST_TRIES = 8;

/** How the write of a record ended. `conflict`: another process wrote it meanwhile. */
type Remembered = 'stored' | 'conflict' | 'failed';

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, channels, settings, log, transitions = createTransitionLog(options.store), onLost } = options;
  /** `decide` and `forgetDone` read records and write them back, so they run one after the other. */
  let turn: Promise<unknown> = Promise.resolve();
  const unsettled: Unsettled = new Map();
  /** By channel: the alerts of its last call of `send` that it need not get any more. An alert is done when all have it. */
  const finished = new Map<string, ReadonlySet<string>>();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  async function records(): Promise<Map<string, AlertRecord>> {
    return new Map((await store.alerts.list()).map((record) => [record.subject, record]));
  }

  async function decide(notices: readonly Notice[]): Promise<Set<Notice>> {
    const failed = await recordTransitions(notices);
    if (channels.length === 0) return failed;
    let undecided = notices;
    for (let tries = 0; undecided.length > 0 && tries < MOST_TRIES; tries++) {
      const outcomes = await decideOnce(undecided);
      const ending = (notice: Notice) => outcomes.get(subjectOf(notice));
      for (const notice of undecided) if (ending(notice) === 'failed') failed.add(notice);
      undecided = undecided.filter((notice) => ending(notice) === 'conflict');
    }
    return new Set([...failed, ...undecided]);
  }

  /** @returns How the write of each record ended, by subject. */
  async function decideOnce(notices: readonly Notice[]): Promise<Map<string, Remembered>> {
    const known = await records();
    const after = new Map<string, AlertRecord>();
    const decided: Alert[] = [];
    for (const notice of notices) {
      const id = subjectOf(notice);
      const step = nextStep(after.get(id) ?? known.get(id) ?? newRecord(id), notice, settings);
      after.set(id, step.record);
      decided.push(...step.alerts);
    }
    const alerts = withSharedThreads(await withOrdinals(store, decided, log));
    const outcomes = await Promise.all(
      [...after].map(async ([id, record]): Promise<[string, Remembered]> => {
        const { next, dropped } = withAlerts(record, alerts);
        if (!isChanged(known.get(id) ?? newRecord(id), next)) return [id, 'stored'];
        const outcome = await remember(next);
        if (outcome === 'stored') reportDropped(dropped);
        return [id, outcome];
      }),
    );
    return new Map(outcomes);
  }

  async function send(signal: AbortSignal, only?: string): Promise<Set<string>> {
    const chosen = channels.filter(({ settings }) => only === undefined || settings.id === only);
    if (chosen.length === 0) return new Set();
    const all = [...(await records()).values()];
    const alerts = inOrder(all);
    if (alerts.length === 0) return new Set();
    const parts = { ...options, signal, unsettled, openThreads: (channel: Channel) => openThreads(all, channel) };
    await Promise.all(
      chosen.map(async (channel) => {
        const unsent = await sendTo(channel, alerts, parts);
        const got = alerts.filter(({ id }) => !unsent.has(id)).map(({ id }) => id);
        finished.set(channel.settings.id, new Set(got));
      }),
    );
    return inTurn(() => forgetDone(chosen));
  }

  /**
   * Removes the alerts that no channel needs any more from their records.
   *
   * @returns The subjects with alerts that a chosen channel did not get.
   */
  async function forgetDone(chosen: readonly Channel[]): Promise<Set<string>> {
    const left = new Set<string>();
    const haveAll = (some: readonly Channel[], { id }: Alert) =>
      some.every(({ settings }) => finished.get(settings.id)?.has(id));
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      // Read the records again: meanwhile this or another process may have decided more.
      const all = [...(await records()).values()];
      left.clear();
      const outcomes = await Promise.all(
        all.map(async (record) => {
          const rest = record.unsent.filter((alert) => !haveAll(channels, alert));
          const hasDone = rest.length < record.unsent.length;
          const outcome = hasDone ? await remember({ ...record, unsent: rest }) : 'stored';
          if (outcome !== 'stored' || rest.some((alert) => !haveAll(chosen, alert))) left.add(record.subject);
          return outcome;
        }),
      );
      if (!outcomes.includes('conflict')) break;
    }
    return left;
  }

  /**
   * Records the transitions of one provider one after the other: a later status carries them too, and finds them
   * recorded.
   */
  async function recordTransitions(notices: readonly Notice[]): Promise<Set<Notice>> {
    const failed = new Set<Notice>();
    await Promise.all(
      [...new Set(notices.map(subjectOf))].map(async (subject) => {
        for (const notice of notices) {
          if (!isStatusNotice(notice) || subjectOf(notice) !== subject) continue;
          await transitions.record(notice.status).catch((cause: unknown) => {
            failed.add(notice);
            log.error('transition not recorded', { error: messageOf(cause) });
          });
        }
      }),
    );
    return failed;
  }

  function reportDropped(dropped: readonly string[]): void {
    if (dropped.length === 0) return;
    log.error('alerts given up: too many of one provider are unsent', { alerts: dropped });
    onLost?.(dropped);
  }

  async function remember(record: AlertRecord): Promise<Remembered> {
    try {
      return await store.alerts.put(record);
    } catch (cause) {
      log.error('alerts not kept in the table', { subject: record.subject, error: messageOf(cause) });
      return 'failed';
    }
  }

  return {
    decide: (notices) => inTurn(() => decide(notices)),
    endUnchecked: (isChecked) =>
      inTurn(() => endUnchecked(store.alerts, isChecked, options.clock.now(), { log, onLost })),
    send,
    async handle(notices) {
      const failed = await inTurn(() => decide(notices));
      const left = await send(new AbortController().signal);
      if (!options.sendsAgain) for (const notice of notices) if (left.has(subjectOf(notice))) failed.add(notice);
      return failed;
    },
  };
}

function nextStep(record: AlertRecord, notice: Notice, settings: NoticeSettings): AlertStep {
  if (isStatusNotice(notice)) return nextAlert(record, notice.status, settings);
  if ('subject' in notice) return { record, alerts: [] };
  const { tick, faultSince = null } = notice.heartbeat;
  return nextMonitorAlert(record, { tick, faultSince }, settings);
}

/**
 * Sorts alerts by time. Alerts of one record stay in the order of their decisions, also if a clock was set back in
 * between.
 */
function inOrder(records: readonly AlertRecord[]): Alert[] {
  const timed = records.flatMap(({ unsent }) => {
    let latest = '';
    return unsent.map((alert) => {
      latest = alert.at > latest ? alert.at : latest;
      return { alert, time: latest };
    });
  });
  return timed.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).map(({ alert }) => alert);
}

/** Threads of open problems that were announced to the channel. */
function openThreads(records: readonly AlertRecord[], { settings }: Channel): ReadonlySet<string> {
  return new Set(
    records.flatMap(({ subject, open }) => {
      if (open === null) return [];
      const provider = subject === MONITOR_SUBJECT ? null : subject;
      return isRoutedTo(settings, { ...open, provider, severity: severityOf(open.problem) }) ? [open.thread] : [];
    }),
  );
}

/** A step that changes only `asOf` need not be written: deciding again gives the same result. */
function isChanged(before: AlertRecord, after: AlertRecord): boolean {
  return JSON.stringify({ ...before, asOf: '' }) !== JSON.stringify({ ...after, asOf: '' });
}
