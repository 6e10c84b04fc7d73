/** One attempt: the request to one provider, with its signal and its time limit. */

import type { MonotonicClock } from '../../base/clock.ts';
import { begun, close } from '../streams/begin.ts';
import type { StreamFailedError } from '../streams/errors.ts';
import { isFailedAnswer, keepBody } from './response-body.ts';

/** The second argument of an attempt, after the provider's id. */
export interface AttemptContext {
  /** Aborts when the attempt's time is over, when another provider was faster, or with the caller's signal. Pass it on. */
  signal: AbortSignal;
  /** The attempt's time limit in milliseconds, for SDKs that take a number. */
  timeoutMs: number;
  /** Number of the attempt, from 1. */
  attempt: number;
}

/** The outcome of an attempt. A stream has one only when it has ended. */
export type AttemptOutcome = { ok: true } | { ok: false; error: unknown };

type Listener = (outcome: AttemptOutcome) => void;

/** The listener for the outcome of each attempt, if it has one, by the attempt's context. */
const listeners = new WeakMap<AttemptContext, Listener | undefined>();

/** Registers a listener for the outcome of an attempt. False when the context does not come from a failover. */
export function listenTo(context: AttemptContext, listener: Listener): boolean {
  const isOfFailover = listeners.has(context);
  if (isOfFailover) listeners.set(context, listener);
  return isOfFailover;
}

export interface Outcome<Id extends string> {
  provider: Id;
  durationMs: number;
  ok: boolean;
  /** The value of a good attempt; otherwise the error that was thrown, or the answer that is not ok. */
  result: unknown;
  threw: boolean;
}

export interface Attempt<Id extends string> {
  /** Never rejects. */
  outcome: Promise<Outcome<Id>>;
  abort(): void;
}

export interface AttemptOptions<Id extends string> {
  provider: Id;
  attempt(provider: Id, context: AttemptContext): unknown;
  number: number;
  timeoutMs: number;
  /** The caller's own signal. */
  signal?: AbortSignal;
  isFirstToken?(chunk: unknown): boolean;
  stallTimeoutMs?: number;
  /** Called when a stream breaks after the caller has got it. */
  onBroken: (error: StreamFailedError) => void;
  clock: MonotonicClock;
}

export function startAttempt<Id extends string>(options: AttemptOptions<Id>): Attempt<Id> {
  const { provider, number, timeoutMs, signal: callersSignal, onBroken, clock } = options;
  const own = new AbortController();
  const signal = callersSignal ? AbortSignal.any([own.signal, callersSignal]) : own.signal;
  const startedMs = clock.monotonicMs();
  const ended = new AbortController();
  const end = (name: string, why: string) => {
    if (!ended.signal.aborted) own.abort(new DOMException(why, name));
  };

  const abort = (reason: Error) => own.abort(reason);
  const onEnd = (error: StreamFailedError | null) => {
    notify(error === null ? { ok: true } : { ok: false, error: error.originalError() ?? error });
    if (error) onBroken(error);
  };
  const relay = { ...options, signal, callersSignal, abort, onEnd };
  const context: AttemptContext = { signal, timeoutMs, attempt: number };
  listeners.set(context, undefined);
  const notify = (outcome: AttemptOutcome) => listeners.get(context)?.(outcome);
  const answer = (async () => begun(await options.attempt(provider, context), relay))();
  // Reject on abort, because an attempt may ignore its signal.
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { signal: ended.signal });
  });
  void clock.sleep(timeoutMs, ended.signal).then(() => end('TimeoutError', `no answer within ${timeoutMs} ms`));

  const outcome = async (result: unknown, ok: boolean, threw: boolean): Promise<Outcome<Id>> => {
    ended.abort();
    const durationMs = clock.monotonicMs() - startedMs;
    if (!ok && result instanceof Response) await keepBody(result, timeoutMs, clock);
    if (!ok) notify({ ok, error: result });
    return { provider, durationMs, ok, result, threw };
  };

  return {
    outcome: Promise.race([answer, aborted]).then(
      ({ value, isStream }) => {
        const ok = !isFailedAnswer(value);
        if (ok && !isStream) notify({ ok });
        return outcome(value, ok, false);
      },
      (error) => {
        // The attempt may still answer; close its stream then.
        answer.then(
          ({ value }) => close(value),
          () => {},
        );
        return outcome(error, false, true);
      },
    ),
    abort() {
      end('AbortError', 'another provider was quicker, or the failover has ended');
      ended.abort();
    },
  };
}
