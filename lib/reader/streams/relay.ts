/**
 * A stream between a provider and the caller: read up to its first token, then handed on as it comes. A silence that is
 * too long ends it, and a later break throws an error of its own.
 */

import type { MonotonicClock } from '../../base/clock.ts';
import { failureOf } from '../failover/failure.ts';
import { EMPTY_STREAM } from '../failover/failure-codes.ts';
import { textIn, type Verdict, verdictOn } from './chunks.ts';
import { type Delivered, StreamFailedError, StreamStalledError } from './errors.ts';

export interface RelayOptions {
  provider: string;
  clock: MonotonicClock;
  /** Aborts with the attempt: the stream is closed then. */
  signal: AbortSignal;
  /** The caller's own: an error after its abort was caused by the caller, and is passed as it is. */
  callersSignal: AbortSignal | undefined;
  isFirstToken?(chunk: unknown): boolean;
  stallTimeoutMs?: number;
  /** Ends the attempt, so that the SDK closes its connection. */
  abort: (reason: Error) => void;
  /** How a stream ended that was handed on: null where it came to its end, or its caller wanted no more. */
  onEnd: (error: StreamFailedError | null) => void;
}

export type Judge = (chunk: unknown) => Verdict;

export function judgeOf({ isFirstToken }: Pick<RelayOptions, 'isFirstToken'>): Judge {
  return (chunk) => {
    const verdict = verdictOn(chunk);
    if (verdict.error || isFirstToken === undefined) return verdict;
    return { kind: isFirstToken(chunk) ? 'token' : 'prelude' };
  };
}

/**
 * Reads a stream up to its first token, and gives an iterator that begins at its beginning. Rejects when it fails, ends
 * or keeps silent before.
 */
export async function relayed(
  stream: AsyncIterable<unknown>,
  judge: Judge,
  options: RelayOptions,
): Promise<AsyncIterableIterator<unknown>> {
  const { signal } = options;
  const chunks = stream[Symbol.asyncIterator]();
  const waiting: unknown[] = [];
  let isSpeaking = false;
  const close = () => discard(chunks.return?.());
  signal.addEventListener('abort', close);
  // It comes after its time.
  if (signal.aborted) close();
  try {
    for (;;) {
      // Until the provider has begun to speak the time for the first token counts, not silence between chunks.
      const next = await (isSpeaking ? spoken(chunks.next(), NOTHING, options) : chunks.next());
      if (next.done && waiting.length === 0) throw Object.assign(new Error(EMPTY_STREAM), { name: EMPTY_STREAM });
      if (next.done) return relay(waiting, chunks, options);
      waiting.push(next.value);
      const { kind, error } = judge(next.value);
      if (error) throw error;
      if (kind === 'token') return relay(waiting, chunks, options);
      isSpeaking ||= kind === 'prelude';
    }
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}

const NOTHING: Delivered = { chunks: 0, text: '' };

function relay(
  waiting: unknown[],
  chunks: AsyncIterator<unknown>,
  options: RelayOptions,
): AsyncIterableIterator<unknown> {
  const delivered: Delivered = { ...NOTHING };
  let isOver = false;
  const end = (error: StreamFailedError | null) => {
    if (!isOver) options.onEnd(error);
    isOver = true;
  };
  return {
    async next() {
      if (waiting.length > 0) return given({ done: false, value: waiting.shift() });
      try {
        return given(await spoken(chunks.next(), delivered, options));
      } catch (error) {
        // What the caller aborted is no failure, and is passed on as it is.
        if (options.callersSignal?.aborted) throw error;
        const failed = failedOf(error, options.provider, delivered);
        end(failed);
        throw failed;
      }
    },
    async return() {
      waiting.length = 0;
      end(null);
      await chunks.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };

  function given(next: IteratorResult<unknown>): IteratorResult<unknown> {
    if (next.done) {
      end(null);
      return next;
    }
    delivered.chunks += 1;
    delivered.text += textIn(next.value);
    // The caller reads it: an answer of the AI SDK goes on behind such a part.
    const { error } = verdictOn(next.value);
    if (error) end(failedOf(error, options.provider, delivered));
    return next;
  }
}

/** The next chunk. @throws {StreamStalledError} When it does not come in time; then the stream is ended. */
async function spoken(
  next: Promise<IteratorResult<unknown>>,
  delivered: Delivered,
  { provider, stallTimeoutMs, clock, abort }: RelayOptions,
): Promise<IteratorResult<unknown>> {
  if (stallTimeoutMs === undefined) return next;
  const came = new AbortController();
  const silence = clock.sleep(stallTimeoutMs, came.signal).then(() => null);
  try {
    const first = await Promise.race([next, silence]);
    if (first !== null) return first;
  } finally {
    came.abort();
  }
  // The error of the aborted request adds nothing.
  next.catch(() => {});
  const error = new StreamStalledError(provider, stallTimeoutMs, delivered);
  abort(error);
  throw error;
}

/** What breaks a stream that was handed on, as an error of ours. */
function failedOf(original: unknown, provider: string, delivered: Delivered): StreamFailedError {
  if (original instanceof StreamStalledError) return original;
  const { category, statusCode } = failureOf(original);
  const message = `the stream failed (${category ?? 'unknown error'})`;
  return new StreamFailedError(provider, { message, category, statusCode, original }, delivered);
}

/** Closing goes on by itself; its failure does not help the caller. */
export function discard(closing: Promise<unknown> | undefined): void {
  closing?.then(undefined, () => {});
}
