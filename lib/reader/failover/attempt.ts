/** One attempt at one provider: its signal, its time, and when its answer counts as begun. */

import type { MonotonicClock } from '../../base/clock.ts';
import { begun, close } from '../streams/begin.ts';
import type { StreamFailedError } from '../streams/errors.ts';
import { keepBody } from './response-body.ts';

/** What an attempt is given, beside the provider's id. */
export interface AttemptContext {
  /** Aborts when the attempt's time is over, when another was quicker, and when the caller's signal does. Pass it on. */
  signal: AbortSignal;
  /** How long it may take, for SDKs that want a number. */
  timeoutMs: number;
  /** From 1. */
  attempt: number;
}

export interface Outcome<Id extends string> {
  provider: Id;
  durationMs: number;
  ok: boolean;
  /** The value of a good one; what was thrown, or the answer that is not ok. */
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
  call: (provider: Id, context: AttemptContext) => unknown;
  number: number;
  timeoutMs: number;
  callersSignal: AbortSignal | undefined;
  isFirstToken: ((chunk: unknown) => boolean) | undefined;
  stallTimeoutMs: number | undefined;
  /** Hears of a stream that breaks after it was handed on. */
  onBroken: (error: StreamFailedError) => void;
  clock: MonotonicClock;
}

export function startAttempt<Id extends string>(options: AttemptOptions<Id>): Attempt<Id> {
  const { provider, call, number, timeoutMs, callersSignal, isFirstToken, stallTimeoutMs, onBroken, clock } = options;
  const own = new AbortController();
  const signal = callersSignal ? AbortSignal.any([own.signal, callersSignal]) : own.signal;
  const startedMs = clock.monotonicMs();
  const ended = new AbortController();
  const end = (name: string, why: string) => {
    if (!ended.signal.aborted) own.abort(new DOMException(why, name));
  };

  const abort = (reason: Error) => own.abort(reason);
  const relay = { provider, clock, signal, callersSignal, isFirstToken, stallTimeoutMs, abort, onBroken };
  const answer = (async () => begun(await call(provider, { signal, timeoutMs, attempt: number }), relay))();
  // An attempt may take no notice of its signal.
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
    return { provider, durationMs, ok, result, threw };
  };

  return {
    outcome: Promise.race([answer, aborted]).then(
      // fetch gives an answer whatever its status; one that is not ok is a failure here.
      (value) => outcome(value, !(value instanceof Response) || value.ok, false),
      (error) => {
        // It may yet answer, and what it gives must not stay open.
        answer.then(close, () => {});
        return outcome(error, false, true);
      },
    ),
    abort() {
      end('AbortError', 'another provider was quicker, or the failover has ended');
      ended.abort();
    },
  };
}
