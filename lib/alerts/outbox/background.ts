/**
 * The outbox of a process that lives: takes the notices of each tick at once and sends them behind it, so that a channel
 * that hangs delays no check. What failed is tried again.
 */

import type { Notice, OnNotices } from '../notice.ts';
import type { DeliveryClock } from './deliver.ts';
import type { ChannelLog } from './dispatch.ts';
import type { Outbox } from './outbox.ts';

export interface Background {
  onNotices: OnNotices;
  /** Resolves when everything that was handed over is sent, or waits to be tried again. */
  idle(): Promise<void>;
  /** Breaks off what is under way; resolves when nothing is. What was not sent goes with what is handed over next. */
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  outbox: Outbox;
  /** Awaited before anything is sent: what the tick's readers must find. */
  record: OnNotices;
  clock: DeliveryClock;
  log: ChannelLog;
}

const RETRY_MS = 30_000;
/** News of an hour ago is none: the problem's next reminder tells of it. */
const WORTH_TRYING_MS = 3_600_000;

interface Pending {
  notice: Notice;
  handedMs: number;
}

export function createBackground({ outbox, record, clock, log }: BackgroundOptions): Background {
  let stopping = new AbortController();
  let pending: Pending[] = [];
  let sending: Promise<void> = Promise.resolve();
  let retrying: Promise<void> | null = null;

  /** One call of the outbox after the other. */
  function send(): Promise<void> {
    sending = sending.then(sendPending);
    return sending;
  }

  async function sendPending(): Promise<void> {
    const { signal } = stopping;
    const batch = pending;
    if (batch.length === 0 || signal.aborted) return;
    pending = [];
    const failed = await outbox
      .handle(
        batch.map(({ notice }) => notice),
        signal,
      )
      .catch((cause: unknown) => {
        log.error('alerts not sent; they are tried again', { error: String(cause) });
        return new Set(batch.map(({ notice }) => notice));
      });
    const since = clock.now().getTime() - WORTH_TRYING_MS;
    const left = batch.filter(({ notice }) => failed.has(notice));
    const again = left.filter(({ handedMs }) => handedMs > since);
    if (again.length < left.length) log.error('alerts given up', { alerts: left.length - again.length });
    // Before what came meanwhile: the outbox wants each provider's in order.
    pending = [...again, ...pending];
    if (again.length > 0) retrying ??= retry();
  }

  async function retry(): Promise<void> {
    await clock.sleep(RETRY_MS, stopping.signal);
    retrying = null;
    void send();
  }

  return {
    async onNotices(notices) {
      const handedMs = clock.now().getTime();
      pending.push(...notices.map((notice) => ({ notice, handedMs })));
      await record(notices);
      void send();
    },
    idle: () => sending,
    async stop() {
      stopping.abort();
      await retrying;
      await sending;
      stopping = new AbortController();
    },
  };
}
