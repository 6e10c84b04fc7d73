/**
 * Asks the best provider, and after a failure the next one; providers that are down come last. Each attempt has its own signal
 * and time limit, and one deadline covers all. order.ts decides the order, failure.ts whether another provider is worth trying.
 */

import { type MonotonicClock, systemClock } from '../../base/clock.ts';
import {
  ANYTHING,
  CLOCK,
  expect,
  expectIds,
  expectOptions,
  FUNCTION,
  having,
  ReaderError,
  type Rules,
  within,
} from '../error.ts';
import { type ReaderSelection, SELECTION } from '../order.ts';
import type { HealthReader } from '../reader.ts';
import type { StreamFailedError } from '../streams/errors.ts';
import { type Attempt, type AttemptContext, type Outcome, startAttempt } from './attempt.ts';
import { type FailedAttempt, FailoverError } from './failover-error.ts';
import { type Failure, failureOf, shouldFailOver as isWorthAnother } from './failure.ts';
import { type FailureMemory, memoryOf } from './memory.ts';

interface CommonOptions<Id extends string, T> {
  /**
   * Asks one provider. After an error, the next provider is asked; also after an answer of `fetch` that is not ok or is a web
   * page. A stream counts as an answer when its first token arrives; before that, a failure asks the next provider. Streams are
   * async iterables, web streams, the whole result of the AI SDK's `streamText`, and answers of `fetch` with server-sent
   * events. A stream that breaks after its first token throws a `StreamFailedError`.
   */
  attempt: (provider: Id, context: AttemptContext) => T | Promise<T>;
  /** Time limit of one attempt, for a stream until its first chunk, in milliseconds. Default 30 000. */
  attemptTimeoutMs?: number;
  /** Time limit of a stream until its first token, in milliseconds. Default: `attemptTimeoutMs`. */
  firstTokenTimeoutMs?: number;
  /**
   * Decides which chunk of a stream is the first token. Chunks before it wait. Default: the first chunk with content, which is
   * known for openai, @anthropic-ai/sdk, @google/genai and the AI SDK. In an object literal, write it after `attempt`, so that
   * TypeScript knows the type of the chunks.
   */
  isFirstToken?: (chunk: ChunkOf<T>) => boolean;
  /**
   * The longest time between two chunks of a stream, in milliseconds. When it is over before the first token, the next provider
   * is asked; later, a `StreamStalledError` is thrown. Default: no limit.
   */
  stallTimeoutMs?: number;
  /** Time limit of all attempts together, in milliseconds. Default 60 000. */
  deadlineMs?: number;
  /** After this time without an answer (milliseconds), the next provider is asked too; the first answer wins. Default: never. */
  hedgeAfterMs?: number;
  /** The most attempts. Default: one for each provider. */
  maxAttempts?: number;
  /** Whether another provider is worth trying. Default: the exported `shouldFailOver`. */
  shouldFailOver?: (error: unknown) => boolean;
  /** The caller's own signal. When it aborts, all attempts end, and its reason is thrown. */
  signal?: AbortSignal;
  /**
   * For this time (milliseconds) a provider that failed is tried after the other usable ones; if the provider says when to
   * retry, until then. 0: failures are not remembered. Default: the reader's `cacheSeconds`; without a reader 5000.
   */
  rememberMs?: number;
  /** The memory of failures. Default: one for each reader; without a reader, one for the process. */
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

/** The value that the caller gets. A stream becomes an iterable of its chunks; a web stream stays a web stream. */
export type Value<T> =
  T extends ReadableStream<infer Chunk>
    ? ReadableStream<Chunk> & AsyncIterable<Chunk>
    : T extends AsyncIterable<infer Chunk>
      ? AsyncIterable<Chunk>
      : T;

export interface FailoverResult<Id extends string, T> {
  value: Value<T>;
  /** The provider that answered. */
  provider: Id;
  /** Attempts that failed before. */
  failed: readonly FailedAttempt<Id>[];
  /** Whether the provider that answered was not usable (down or resting). */
  panic: boolean;
}

const DEFAULT_ATTEMPT_TIMEOUT_MS = 30_000;
const DEFAULT_DEADLINE_MS = 60_000;
const DEFAULT_REMEMBER_MS = 5000;
/** No provider answers in less time, so an attempt with less would only fail. */
const LEAST_ATTEMPT_MS = 10;
/** A day. The option has a limit because timers have one. */
const LONGEST_MS = 86_400_000;
const TIME = within(0, LONGEST_MS);
const RULES: Rules = {
  reader: having('a reader that createHealthReader made', 'rank'),
  signal: having('an AbortSignal', 'throwIfAborted', 'addEventListener'),
  memory: having('a memory that createFailureMemory made', 'ordered', 'remember', 'forget'),
  clock: CLOCK,
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
 * @throws {FailoverError} When no provider answered.
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
  // Sorting is stable: usable providers first, otherwise in the order of the memory.
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
  /** The first failure for which another provider is not worth trying. */
  let final: Outcome<Id> | null = null;
  let newest = new AbortController();
  /** How many attempts should run in parallel: one more with each hedge. */
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

  /** The next attempt that ends; null when a hedge is due first. */
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
      // The provider works, but its filter refused the prompt: do not remember this.
      if (failure.category !== 'bad_request') remember(provider, failure);
    } else {
      // Running attempts may still answer, but no further provider is asked.
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
  return withoutAnswer(final);

  function withoutAnswer(last: Outcome<Id> | null): FailoverResult<Id, T> {
    if (last?.threw) throw last.result;
    // An answer of fetch which says that the request is wrong: return it to the caller.
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
  const { only, exclude, tag, strategy } = options;
  return (await options.reader.rank({ only, exclude, tag, strategy })).ranked;
}

function checkOptions<Id extends string, T>(options: FailoverOptions<Id, T>): void {
  expect(Object(options) === options, 'options', 'an object with `attempt`', options);
  const { attempt, reader, providers } = options;
  const isListed = reader === undefined;
  if (!isListed && providers !== undefined) {
    throw new ReaderError('providers', 'expected either `reader` or `providers`, got both.');
  }
  // A reader ignores a wrong selection; here the request might then go to a provider that may not get it.
  expectOptions({ ...RULES, ...(isListed ? { providers: ANYTHING } : SELECTION) }, options);
  expect(attempt, 'attempt', FUNCTION[1], attempt);
  if (isListed) expectIds(providers);
}
