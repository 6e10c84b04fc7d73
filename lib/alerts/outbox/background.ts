/**
 * The outbox of a process that lives. Takes notices as they arise, decides on those of a few seconds together, and sends
 * behind that, so that a channel that hangs delays neither a check nor a decision. What failed is tried again.
 *
 *   notice ─ transition recorded (the tick waits for this) ─ gathered ─ decided, kept in the table ─ sent
 *
 * A process that dies loses at most notices that were not yet decided. The statuses have them too: `compare` finds them
 * before the next tick probes. Of several undecided notices of one provider only the last is found; the transitions of
 * all of them are recorded.
 */

import { messageOf } from '../../base/error-text.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { Heartbeat } from '../../store/store.ts';
import { isMonitorNotice, type Notice, type OnNotices } from '../notice.ts';
import type { TransitionLog } from '../transition-log.ts';
import type { DeliveryClock } from './deliver.ts';
import type { ChannelLog } from './dispatch.ts';
import type { Outbox } from './outbox.ts';

export interface Background {
  onNotices: OnNotices;
  /**
   * Compares statuses, and the heartbeat where one is given, with what was recorded and announced, and makes up for what
   * was lost. Decides first on what is waiting. Does not wait for the sending. Never rejects.
   */
  compare(statuses: readonly ProviderStatus[], heartbeat: Heartbeat | null): Promise<void>;
  /**
   * Ends what is being sent; resolves when nothing is. Afterwards nothing is sent until something is handed over or
   * compared; what is left unsent is in the table, for this process or the next.
   */
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  outbox: Outbox;
  transitions: TransitionLog;
  /** Whether there is a channel; without one, transitions are recorded and nothing else is done. */
  announces: boolean;
  clock: DeliveryClock;
  log: ChannelLog;
}

/** Results of one tick come one by one; those of a few seconds become one message. */
const GATHER_MS = 2000;
const RETRY_MS = 30_000;
/** Undecided notices that are kept while the table fails: some ten megabytes. */
const MOST_PENDING = 10_000;

export function createBackground(options: BackgroundOptions): Background {
  const { outbox, transitions, announces, clock, log } = options;
  let stopping = new AbortController();
  let pending: Notice[] = [];
  let turn: Promise<void> = Promise.resolve();
  let deciding: Promise<void> | null = null;
  let sending: Promise<void> | null = null;
  /** Whether the table may have something unsent: not known at first. */
  let mayOwe = announces;
  /** Ends the pause before the next attempt. */
  let nudge = new AbortController();

  /** One batch after the other: what failed must be decided again before what came later. */
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
    // Before what came meanwhile: those of one provider stay in order.
    pending = [...batch.filter((notice) => failed.has(notice)), ...pending];
    const dropped = pending.splice(0, Math.max(0, pending.length - MOST_PENDING));
    if (dropped.length > 0)
      log.error('notices given up: the table has failed for too long', { notices: dropped.length });
    mayOwe = announces;
  }

  /** Decides what is pending after `pauseMs`, and again until nothing is. */
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

  /** @param isNew Something was decided just now: it does not wait for the next attempt at what failed. */
  function sendSoon(isNew: boolean): void {
    if (!mayOwe || stopping.signal.aborted) return;
    if (isNew) nudge.abort();
    sending ??= sendUntilDone().finally(() => {
      sending = null;
    });
  }

  async function sendUntilDone(): Promise<void> {
    const { signal } = stopping;
    while (mayOwe && !signal.aborted) {
      mayOwe = false;
      nudge = new AbortController();
      const isLeft = await outbox.send(signal).then(
        (left) => left.size > 0,
        (cause: unknown) => {
          log.error('alerts not sent; they are tried again', { error: messageOf(cause) });
          return true;
        },
      );
      if (!isLeft) continue;
      mayOwe = true;
      if (!signal.aborted) await clock.sleep(RETRY_MS, AbortSignal.any([signal, nudge.signal]));
    }
  }

  return {
    async onNotices(notices) {
      // At once, so that those of one provider stay in order.
      if (announces) pending.push(...notices);
      for (const notice of notices) {
        if (isMonitorNotice(notice)) continue;
        await transitions.record(notice.status).catch((cause: unknown) => {
          log.error('transition not recorded; it is tried again', { error: messageOf(cause) });
          if (!announces) pending.push(notice);
        });
      }
      if (pending.length > 0) decideSoon();
    },

    async compare(statuses, heartbeat) {
      const failures = await transitions.compare(statuses).catch((cause: unknown) => [cause]);
      if (failures.length > 0)
        log.error('transitions not compared; they are tried again', { error: messageOf(failures[0]) });
      if (announces || failures.length > 0) {
        pending.push(...statuses.map((status): Notice => ({ kind: 'alert_due', status })));
      }
      if (announces && heartbeat) pending.push(noticeOf(heartbeat));
      const isNew = pending.length > 0;
      await decidePending();
      if (pending.length > 0) decideSoon();
      sendSoon(isNew);
    },

    async stop() {
      stopping.abort();
      await Promise.all([deciding, sending]);
      // What is decided now is in the table when the process ends.
      await decidePending();
      stopping = new AbortController();
    },
  };
}

function noticeOf(heartbeat: Heartbeat): Notice {
  return { kind: heartbeat.faultSince === undefined ? 'monitor_recovered' : 'monitor_fault', heartbeat };
}
