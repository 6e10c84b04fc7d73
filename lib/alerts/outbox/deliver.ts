/** Sends one message to one channel, and retries until it is delivered, refused, or out of time. */

import type { Channel, SendResult } from '../channels/channel.ts';
import type { Message } from '../words/message.ts';

export interface DeliveryClock {
  now(): Date;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface DeliverOptions {
  clock: DeliveryClock;
  /** Random part of the pauses: from 0 (inclusive) to 1 (exclusive). */
  random: () => number;
  /** No further attempt begins after this time. */
  endsAt: Date;
  /** Aborts the current attempt. */
  signal: AbortSignal;
}

/** Longer than any of these services takes. A message without an answer by then is sent again. */
const ATTEMPT_MS = 5000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

const NO_ANSWER: SendResult = { outcome: 'failed', answer: 'expected an answer in time, got none', retryAfterMs: null };

export async function deliver(channel: Channel, message: Message, options: DeliverOptions): Promise<SendResult> {
  const { clock, random, endsAt, signal } = options;
  if (signal.aborted) return NO_ANSWER;
  for (let attempt = 0; ; attempt++) {
    const result = await attemptOnce(channel, message, signal);
    if (result.outcome !== 'failed' || signal.aborted) return result;
    const pauseMs = pauseBefore(attempt, result.retryAfterMs, random);
    if (clock.now().getTime() + pauseMs >= endsAt.getTime()) return result;
    await clock.sleep(pauseMs, signal);
    // A process that was frozen may wake up late, when its time is over.
    if (signal.aborted || clock.now() >= endsAt) return result;
  }
}

/** Ends with its timeout or the signal, also while the channel waits for something without a signal, such as a key. */
async function attemptOnce(channel: Channel, message: Message, signal: AbortSignal): Promise<SendResult> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]);
  const done = new AbortController();
  try {
    return await Promise.race([channel.send(message, ended), afterwards(ended, done.signal)]);
  } finally {
    done.abort();
  }
}

/**
 * Resolves one turn of the event loop after `ended`, so that a channel that obeys the signal can give its own reason
 * first.
 */
function afterwards(ended: AbortSignal, done: AbortSignal): Promise<SendResult> {
  return new Promise((resolve) => {
    const giveUp = () => setImmediate(() => resolve(NO_ANSWER));
    if (ended.aborted) giveUp();
    else ended.addEventListener('abort', giveUp, { once: true, signal: done });
  });
}

/**
 * At least the pause that the channel asks for. The random part keeps two failed messages from being retried together.
 */
function pauseBefore(attempt: number, retryAfterMs: number | null, random: () => number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return (retryAfterMs ?? 0) + longest * (0.5 + random() / 2);
}
