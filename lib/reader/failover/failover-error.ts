/** The error of a failover when no provider answered. */

import type { Failure } from './failure.ts';

/** One attempt that failed. Safe to log: nothing of what the provider or the SDK said is in it. */
export interface FailedAttempt<Id extends string = string> extends Failure {
  provider: Id;
  durationMs: number;
}

/**
 * `all_failed`: every attempt failed, of all providers or as many as `maxAttempts` allows. `deadline`: the time was over
 * before. `no_provider`: there was none to try.
 */
export type FailoverErrorCode = 'all_failed' | 'deadline' | 'no_provider';

/**
 * Recognise it by `name` and `code`, since two copies of this class may be bundled into one program. Message and fields are safe
 * to log; the errors themselves, which may quote keys and prompts, are kept where no logger finds them.
 */
export class FailoverError<Id extends string = string> extends Error {
  override readonly name = 'FailoverError';
  readonly code: FailoverErrorCode;
  /** In the order in which they ended. */
  readonly attempts: readonly FailedAttempt<Id>[];
  /** Providers that were not asked: no time was left, or no attempt. */
  readonly notTried: readonly Id[];
  /** It went past the usable providers: one that is believed down, or to be resting, was asked too. */
  readonly panic: boolean;
  readonly #errors: readonly unknown[];

  constructor(
    code: FailoverErrorCode,
    attempts: readonly FailedAttempt<Id>[],
    notTried: readonly Id[],
    errors: readonly unknown[],
    panic: boolean,
  ) {
    super(messageOf(code, attempts, notTried));
    this.code = code;
    this.attempts = attempts;
    this.notTried = notTried;
    this.panic = panic;
    this.#errors = errors;
  }

  /** What each attempt threw, in the order of `attempts`. Not for a log: it may hold keys and prompts. */
  originalErrors(): readonly unknown[] {
    return this.#errors;
  }
}

function messageOf(code: FailoverErrorCode, attempts: readonly FailedAttempt[], notTried: readonly string[]): string {
  if (attempts.length + notTried.length === 0) return 'No provider to try: the selection leaves none.';
  const tried = attempts.map(({ provider, category, statusCode, durationMs }) => {
    const status = statusCode === null ? '' : ` (HTTP ${statusCode})`;
    return `${provider}: ${category ?? 'unknown error'}${status} after ${Math.round(durationMs)} ms`;
  });
  const why = code === 'deadline' ? 'No time for' : 'maxAttempts left out';
  const rest = notTried.length > 0 ? `. ${why} ${notTried.join(', ')}` : '';
  return `No provider answered. ${tried.join('; ')}${rest}.`;
}
