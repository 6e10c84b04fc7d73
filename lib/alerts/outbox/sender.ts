/** Sends the unsent alerts to one channel in the background, and retries what failed. Each channel has its own sender. */

import { messageOf } from '../../base/error-text.ts';
import type { DeliveryClock } from './deliver.ts';
import type { ChannelLog } from './dispatch.ts';
import type { Outbox } from './outbox.ts';

export interface Sender {
  /** Remembers that the table may hold alerts that the channel has not got. */
  expect(): void;
  /**
   * Starts to send if there may be unsent alerts, and does not wait.
   *
   * @param isNew True just after a decision: new alerts do not wait for the pause that follows a failure.
   */
  start(isNew: boolean, signal: AbortSignal): void;
  /** Resolves when nothing is being sent. */
  ended(): Promise<void>;
}

export interface SenderOptions {
  outbox: Pick<Outbox, 'send'>;
  /** The channel's id. */
  channel: string;
  clock: DeliveryClock;
  log: ChannelLog;
}

/** The pause after a failed step. */
export const RETRY_MS = 30_000;

export function createSender({ outbox, channel, clock, log }: SenderOptions): Sender {
  let sending: Promise<void> | null = null;
  /** Whether the table may hold unsent alerts. At first it may: an earlier process may have left some. */
  let mayHaveUnsent = true;
  /** Aborted to end the pause before the next attempt. */
  let nudge = new AbortController();

  async function sendUntilDone(signal: AbortSignal): Promise<void> {
    while (mayHaveUnsent && !signal.aborted) {
      mayHaveUnsent = false;
      nudge = new AbortController();
      const isLeft = await outbox.send(signal, channel).then(
        (left) => left.size > 0,
        (cause: unknown) => {
          log.error('alerts not sent; they are tried again', { channel, error: messageOf(cause) });
          return true;
        },
      );
      if (!isLeft) continue;
      mayHaveUnsent = true;
      if (!signal.aborted) await clock.sleep(RETRY_MS, AbortSignal.any([signal, nudge.signal]));
    }
  }

  return {
    expect() {
      mayHaveUnsent = true;
    },
    start(isNew, signal) {
      if (!mayHaveUnsent || signal.aborted) return;
      if (isNew) nudge.abort();
      sending ??= sendUntilDone(signal).finally(() => {
        sending = null;
      });
    },
    async ended() {
      await sending;
    },
  };
}
