/**
 * Passes a stream from a provider to the caller. It reads up to the first token, then passes each chunk on as it arrives. A
 * silence that is too long ends the stream, and a break after the first token throws a `StreamFailedError`.
 */

import { inTime, type MonotonicClock } from '../../base/clock.ts';
import { failureOf } from '../failover/failure.ts';
import { EMPTY_STREAM } from '../failover/failure-codes.ts';
import { failed } from '../problem.ts';
import { textIn, type Verdict, verdictOn } from './chunks.ts';
import { type Delivered, StreamFailedError, StreamStalledError } from './errors.ts';

export interface RelayOptions {
  provider: string;
  clock: MonotonicClock;
  /** Aborts with the attempt. The stream is then closed. */
  signal: AbortSignal;
  /** The caller's own signal. After it has aborted, errors are passed on unchanged. */
  callersSignal: AbortSignal | undefined;
  isFirstToken?(chunk: unknown): boolean;
  stallTimeoutMs?: number;
  /** Ends the attempt, so that the SDK closes its connection. */
  abort: (reason: Error) => void;
  /** Called when the stream has ended after its first token. Null: it is complete, or the caller stopped reading. */
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
 * Reads a stream up to its first token, and returns an iterator over all its chunks. Rejects when the stream fails, ends or is
 * silent before the first token.
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
  // The attempt was over before the stream arrived.
  if (signal.aborted) close();
  try {
    for (;;) {
      // Before the provider's first chunk only the time limit for the first token applies, not the one for silence.
      const next = await (isSpeaking ? spoken(chunks.next(), NOTHING, options) : chunks.next());
      if (next.done && waiting.length === 0) throw failed(EMPTY_STREAM);
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
        // An abort by the caller is not a failure of the provider, so pass its error on unchanged.
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
    // Do not throw: in streams of the AI SDK an error is a part, and the caller reads on.
    const { error } = verdictOn(next.value);
    if (error) end(failedOf(error, options.provider, delivered));
    return next;
  }
}

/** The next chunk. @throws {StreamStalledError} When it does not arrive in time; the attempt is then aborted. */
async function spoken(
  next: Promise<IteratorResult<unknown>>,
  delivered: Delivered,
  { provider, stallTimeoutMs, clock, abort }: RelayOptions,
): Promise<IteratorResult<unknown>> {
  if (stallTimeoutMs === undefined) return next;
  const came = await inTime(next, stallTimeoutMs, clock);
  if (came !== null) return came;
  // Ignore the error of the aborted request.
  next.catch(() => {});
  const error = new StreamStalledError(provider, stallTimeoutMs, delivered);
  abort(error);
  throw error;
}

/** The StreamFailedError for an error after the first token. */
function failedOf(original: unknown, provider: string, delivered: Delivered): StreamFailedError {
  if (original instanceof StreamStalledError) return original;
  const { category, statusCode } = failureOf(original);
  const message = `the stream failed (${category ?? 'unknown error'})`;
  return new StreamFailedError(provider, { message, category, statusCode, original }, delivered);
}

/** Ignores the result of closing a stream: its failure does not matter to the caller. */
export function discard(closing: Promise<unknown> | undefined): void {
  closing?.then(undefined, () => {});
}
