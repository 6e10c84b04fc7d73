/**
 * The outbox of a long-running process. It gathers the notices of a few seconds, decides on them together, and sends in
 * the background, so a hanging channel delays neither a check, nor a decision, nor another channel. Failed steps are
 * retried.
 *
 *   notice ─ transition recorded (the tick waits for this) ─ gathered ─ decided, kept in the table ─ sent
 *
 * A process that dies loses only undecided notices. The statuses show the same changes, so `compare` makes up for the
 * lost notices before the next tick probes. Of several lost notices of one provider it finds only the last; their
 * transitions are all recorded.
 */

import { messageOf } from '../../base/error-text.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { Heartbeat } from '../../store/store.ts';
import { isStatusNotice, type Notice, type OnNotices } from '../notice.ts';
import type { TransitionLog } from '../transition-log.ts';
import type { DeliveryClock } from './deliver.ts';
import type { ChannelLog } from './dispatch.ts';
import type { Outbox } from './outbox.ts';
import { createSender, RETRY_MS } from './sender.ts';

/** Whether a provider is checked. True where another process knows it. */
type IsChecked = (provider: string) => boolean;

export interface Background {
  onNotices: OnNotices;
  /**
   * Compares statuses, and the heartbeat if there is one, with the recorded transitions and announced alerts, and makes
   * up for lost notices. Decides on waiting notices first. Does not wait for the sending. Never rejects.
   *
   * @param isChecked Whether a provider is checked: open problems of all others end. Null: not known.
   */
  compare(
    statuses: readonly ProviderStatus[],
    heartbeat: Heartbeat | null,
    isChecked?: IsChecked | null,
  ): Promise<void>;
  /**
   * Aborts the sending, and resolves when it has ended. Nothing more is sent until the next call of `onNotices` or
   * `compare`. Unsent alerts stay in the table, for this process or the next.
   */
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  outbox: Outbox;
  transitions: TransitionLog;
  /** Ids of the outbox's channels. Without one, only transitions are recorded. */
  channels: readonly string[];
  clock: DeliveryClock;
  log: ChannelLog;
}

/** The results of one tick arrive one by one. Alerts of this many milliseconds can become one message. */
const GATHER_MS = 2000;
/** The most undecided notices that are kept while the table fails: some ten megabytes. */
const MOST_PENDING = 10_000;

export function createBackground(options: BackgroundOptions): Background {
  const { outbox, transitions, channels, clock, log } = options;
  const announces = channels.length > 0;
  const senders = channels.map((channel) => createSender({ outbox, channel, clock, log }));
  let stopping = new AbortController();
  let pending: Notice[] = [];
  let turn: Promise<void> = Promise.resolve();
  let deciding: Promise<void> | null = null;

  /** Batches run one after the other: a failed notice must be decided again before later ones. */
  function decidePending(): Promise<void> {
    turn = turn.then(decideBatch);
    return turn;
  }

  async function decideBatch(): Promise<void> {
    const batch = pending;
    if (batch.length === 0) return;
    pending = [];
    const failed = await outbox.decide(batch).catch((cause: unknown) => {
      log.error('alerts not decided; they are tried again', { error: messageOf(cause) });
      return new Set(batch);
    });
    // Failed notices go before newer ones, so that the notices of one provider stay in order.
    pending = [...batch.filter((notice) => failed.has(notice)), ...pending];
    const dropped = pending.splice(0, Math.max(0, pending.length - MOST_PENDING));
    if (dropped.length > 0)
      log.error('notices given up: the table has failed for too long', { notices: dropped.length });
    for (const sender of senders) sender.expect();
  }

  /** Starts to decide on pending notices after a pause, until none is pending. */
  function decideSoon(): void {
    deciding ??= decideUntilDone().finally(() => {
      deciding = null;
    });
  }

  async function decideUntilDone(): Promise<void> {
    const { signal } = stopping;
    for (let pauseMs = GATHER_MS; pending.length > 0 && !signal.aborted; pauseMs = RETRY_MS) {
      await clock.sleep(pauseMs, signal);
      await decidePending();
      sendSoon(true);
    }
  }

  /** Never rejects: the next comparison tries again. */
  async function endUnchecked(isChecked: IsChecked): Promise<boolean> {
    const hasEnded = await outbox.endUnchecked(isChecked).catch((cause: unknown) => {
      log.error('open problems not compared with the providers; they are tried again', { error: messageOf(cause) });
      return false;
    });
    if (hasEnded) for (const sender of senders) sender.expect();
    return hasEnded;
  }

  /** @param isNew True just after a decision: new alerts do not wait for the pause that follows a failure. */
  function sendSoon(isNew: boolean): void {
    for (const sender of senders) sender.start(isNew, stopping.signal);
  }

  return {
    async onNotices(notices) {
      // Before the first `await`, so that the notices of one provider stay in order.
      if (announces) pending.push(...notices);
      for (const notice of notices) {
        if (!isStatusNotice(notice)) continue;
        await transitions.record(notice.status).catch((cause: unknown) => {
          log.error('transition not recorded; it is tried again', { error: messageOf(cause) });
          if (!announces) pending.push(notice);
        });
      }
      if (pending.length > 0) decideSoon();
    },

    async compare(statuses, heartbeat, isChecked = null) {
      const failures = await transitions.compare(statuses).catch((cause: unknown) => [cause]);
      if (failures.length > 0)
        log.error('transitions not compared; they are tried again', { error: messageOf(failures[0]) });
      if (announces || failures.length > 0) {
        pending.push(...statuses.map((status): Notice => ({ kind: 'alert_due', status })));
      }
      if (announces && heartbeat) pending.push(noticeOf(heartbeat));
      const hasNotices = pending.length > 0;
      await decidePending();
      const hasEnded = announces && isChecked !== null && (await endUnchecked(isChecked));
      const isNew = hasNotices || hasEnded;
      if (pending.length > 0) decideSoon();
      sendSoon(isNew);
    },

    async stop() {
      stopping.abort();
      await Promise.all([deciding, ...senders.map((sender) => sender.ended())]);
      // Decide the rest now, so that it is in the table when the process ends.
      await decidePending();
      stopping = new AbortController();
    },
  };
}

function noticeOf(heartbeat: Heartbeat): Notice {
  return { kind: heartbeat.faultSince === undefined ? 'monitor_recovered' : 'monitor_fault', heartbeat };
}
