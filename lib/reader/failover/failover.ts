/**
 * Calls the best provider, and the next where that fails, down to those that are believed down: each attempt with its own
 * signal and time, all of them within one deadline. The reader decides the order (order.ts), failure.ts whether an error
 * is worth another provider.
 */

import { type MonotonicClock, systemClock } from '../../base/clock.ts';
import { anything, expect, expectIds, expectOptions, FUNCTION, type Rules, within } from '../error.ts';
import { type ReaderSelection, SELECTION } from '../order.ts';
import type { HealthReader } from '../reader.ts';
import type { StreamFailedError } from '../streams/errors.ts';
import { type Attempt, type AttemptContext, type Outcome, startAttempt } from './attempt.ts';
import { type FailedAttempt, FailoverError } from './failover-error.ts';
import { type Failure, failureOf, shouldFailOver as isWorthAnother } from './failure.ts';
import { type FailureMemory, memoryOf } from './memory.ts';

interface CommonOptions<Id extends string, T> {
  /**
   * Asks one provider. An error fails over, and so does an answer of fetch that is not ok or a web page. A stream counts as
   * answered with its first token, and fails over until then: an async iterable, a web stream, the whole result of the AI
   * SDK's `streamText`, or an answer whose body is server-sent events. One that breaks later throws a `StreamFailedError`.
   */
  attempt: (provider: Id, context: AttemptContext) => T | Promise<T>;
  /** How long one attempt may take, of a stream to its first chunk. Default 30 000. */
  attemptTimeoutMs?: number;
  /** For streams: how long an attempt may take to its first token. Default: `attemptTimeoutMs`. */
  firstTokenTimeoutMs?: number;
  /**
   * Which chunk of a stream is the first token; those before it wait. Default: the first that is more than a beginning or a
   * role, by what is known of the chunks of openai, @anthropic-ai/sdk, @google/genai and the AI SDK. Written after
   * `attempt`, whose chunks it gets.
   */
  isFirstToken?: (chunk: ChunkOf<T>) => boolean;
  /**
   * The longest silence between two chunks of a stream that the caller waits for. Before the first token the next provider
   * is asked; after it a `StreamStalledError` is thrown. Default: none.
   */
  stallTimeoutMs?: number;
  /** How long all attempts together may take. Default 60 000. */
  deadlineMs?: number;
  /** After how long without an answer the next is asked too, the first answer counting. Default: never. */
  hedgeAfterMs?: number;
  /** Most attempts. Default: one for each provider, those that are believed down last. */
  maxAttempts?: number;
  /** Whether another provider is worth trying. Default: the exported `shouldFailOver`. */
  shouldFailOver?: (error: unknown) => boolean;
  /** The caller's own: when it aborts, everything ends, and its reason is thrown. */
  signal?: AbortSignal;
  /**
   * How long a provider that failed is tried behind the other usable ones; one that says when to retry, until then. 0:
   * nothing is remembered. Default: the reader's `cacheSeconds`, else 5000.
   */
  rememberMs?: number;
  /** Where that is kept. Default: one for each reader, and one of the process where there is none. */
  memory?: FailureMemory;
  /** Default: the process's clocks. */
  clock?: MonotonicClock;
}

export type FailoverOptions<Id extends string, T> = CommonOptions<Id, T> &
  (
    | ({ reader: HealthReader<Id>; providers?: never } & ReaderSelection<Id>)
    | {
        /** The order in which to try them, without a monitor. */
        providers: readonly Id[];
        reader?: never;
      }
  );

type ChunkOf<T> = T extends AsyncIterable<infer Chunk> ? Chunk : never;

/** A stream is handed on as an iterable of its chunks, and a web stream as one. */
export type Value<T> =
  T extends ReadableStream<infer Chunk>
    ? ReadableStream<Chunk> & AsyncIterable<Chunk>
    : T extends AsyncIterable<infer Chunk>
      ? AsyncIterable<Chunk>
      : T;

export interface FailoverResult<Id extends string, T> {
  value: Value<T>;
  /** Who answered. */
  provider: Id;
  /** Attempts that failed before. */
  failed: readonly FailedAttempt<Id>[];
  /** It went past the usable providers: this one is believed down, or to be resting. */
  panic: boolean;
}

const DEFAULT_ATTEMPT_TIMEOUT_MS = 30_000;
const DEFAULT_DEADLINE_MS = 60_000;
const DEFAULT_REMEMBER_MS = 5000;
/** No provider answers in less: an attempt with so little time would only blame it. */
const LEAST_ATTEMPT_MS = 10;
/** Longer than any answer takes. A timer cannot wait longer than its own maximum. */
const LONGEST_MS = 86_400_000;
const TIME = within(0, LONGEST_MS);
const RULES: Rules = {
  // The reader reports a wrong selection, and leaves it out.
  ...anything('reader', 'providers', 'signal', 'memory', 'clock', ...Object.keys(SELECTION)),
  attempt: FUNCTION,
  isFirstToken: FUNCTION,
  shouldFailOver: FUNCTION,
  attemptTimeoutMs: TIME,
  firstTokenTimeoutMs: TIME,
  stallTimeoutMs: TIME,
  deadlineMs: TIME,
  hedgeAfterMs: TIME,
  rememberMs: TIME,
  maxAttempts: within(1, LONGEST_MS),
};

/**
 * @example
 * const { value, provider } = await withFailover({
 *   reader: health,
 *   attempt: (provider, { signal }) => clients[provider].chat.completions.create(request, { signal }),
 * });
 *
 * @throws {FailoverError} When none answered.
 * @throws The attempt's own error, when no other provider would help; the reason of `signal`, when it aborts.
 * @throws {ReaderError} When an option is wrong.
 */
export async function withFailover<const Id extends string, T>(
  options: FailoverOptions<Id, T>,
): Promise<FailoverResult<Id, T>> {
  checkOptions(options);
  const { reader, clock = systemClock, signal, hedgeAfterMs, shouldFailOver = isWorthAnother } = options;
  const { deadlineMs = DEFAULT_DEADLINE_MS, attemptTimeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS } = options;
  const { firstTokenTimeoutMs = attemptTimeoutMs, memory = memoryOf(reader), maxAttempts } = options;
  const { rememberMs = reader ? reader.cacheSeconds * 1000 : DEFAULT_REMEMBER_MS } = options;
  const endMs = clock.monotonicMs() + deadlineMs;
  const remainingMs = () => endMs - clock.monotonicMs();

  const places = await placesOf(options);
  const usable = new Set(places.flatMap((place) => (place.usable ? place.provider : [])));
  const isPanic = (provider: Id) => !usable.has(provider);
  // Sorting keeps the order of those that tie.
  const queue = memory
    .ordered(
      places.map(({ provider }) => provider),
      clock.monotonicMs(),
    )
    .toSorted((a, b) => Number(isPanic(a)) - Number(isPanic(b)));
  let attemptsLeft = maxAttempts ?? queue.length;
  const running = new Map<Id, Attempt<Id>>();
  const failed: FailedAttempt<Id>[] = [];
  const errors: unknown[] = [];
  /** The first failure that no other provider would help with. */
  let final: Outcome<Id> | null = null;
  let newest = new AbortController();
  /** How many attempts should be under way: one more with each hedge. */
  let wanted = 1;

  function isAnotherLeft(): boolean {
    const isFirst = running.size + failed.length === 0;
    return queue.length > 0 && attemptsLeft > 0 && remainingMs() > (isFirst ? 0 : LEAST_ATTEMPT_MS);
  }

  function start(provider: Id): void {
    attemptsLeft -= 1;
    const timeoutMs = Math.min(attemptTimeoutMs, firstTokenTimeoutMs, remainingMs());
    const number = failed.length + running.size + 1;
    const onBroken = (error: StreamFailedError) => remember(provider, failureOf(error.originalError() ?? error));
    running.set(provider, startAttempt({ ...options, provider, number, timeoutMs, onBroken, clock }));
    newest.abort();
    newest = new AbortController();
  }

  /** The next attempt that ends; null when it is time for a hedge first. */
  function next(): Promise<Outcome<Id> | null> {
    const outcomes: Promise<Outcome<Id> | null>[] = [...running.values()].map(({ outcome }) => outcome);
    if (hedgeAfterMs !== undefined && isAnotherLeft()) {
      outcomes.push(clock.sleep(hedgeAfterMs, newest.signal).then(() => null));
    }
    return Promise.race(outcomes);
  }

  function remember(provider: Id, { retryAfterMs }: Failure): void {
    if (rememberMs > 0) memory.remember(provider, clock.monotonicMs() + (retryAfterMs ?? rememberMs));
  }

  function fail(outcome: Outcome<Id>): void {
    const { provider, durationMs, result } = outcome;
    const failure = failureOf(result);
    failed.push({ provider, durationMs, ...failure });
    errors.push(result);
    if (shouldFailOver(result)) {
      // A prompt that one provider's filter refused says nothing of the provider.
      if (failure.category !== 'bad_request') remember(provider, failure);
    } else {
      // Others that are under way may still answer; no more are asked.
      final ??= outcome;
      attemptsLeft = 0;
    }
  }

  try {
    for (;;) {
      signal?.throwIfAborted();
      while (running.size < wanted && isAnotherLeft()) start(queue.shift() as Id);
      if (running.size === 0) break;
      const outcome = await next();
      signal?.throwIfAborted();
      if (outcome === null) {
        wanted = running.size + 1;
        continue;
      }
      running.delete(outcome.provider);
      if (outcome.ok) {
        memory.forget(outcome.provider);
        return resultOf(outcome, failed);
      }
      fail(outcome);
    }
  } finally {
    newest.abort();
    for (const attempt of running.values()) attempt.abort();
  }
  return inTheEnd(final);

  function inTheEnd(last: Outcome<Id> | null): FailoverResult<Id, T> {
    if (last?.threw) throw last.result;
    // An answer of fetch that says that the request is wrong: the caller reads it as without a failover.
    if (last)
      return resultOf(
        last,
        failed.filter(({ provider }) => provider !== last.provider),
      );
    const isCut = queue.length > 0 && attemptsLeft > 0;
    const code = places.length === 0 ? 'no_provider' : isCut ? 'deadline' : 'all_failed';
    const panic = failed.some(({ provider }) => isPanic(provider));
    throw new FailoverError(code, failed, queue, errors, panic);
  }

  function resultOf({ result, provider }: Outcome<Id>, before: readonly FailedAttempt<Id>[]): FailoverResult<Id, T> {
    return { value: result as Value<T>, provider, failed: before, panic: isPanic(provider) };
  }
}

interface Place<Id extends string> {
  provider: Id;
  usable: boolean;
}

/** Every provider that may be asked, the best first. */
async function placesOf<Id extends string, T>(options: FailoverOptions<Id, T>): Promise<readonly Place<Id>[]> {
  if (!options.reader) return options.providers.map((provider) => ({ provider, usable: true }));
  return (await options.reader.rank(options)).ranked;
}

function checkOptions<Id extends string, T>(options: FailoverOptions<Id, T>): void {
  const { attempt, reader, providers } = options;
  expectOptions(RULES, options);
  expect(attempt, 'attempt', FUNCTION[1], attempt);
  if (!reader) expectIds(providers);
}
