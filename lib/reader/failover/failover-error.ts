/** The error of a failover when no provider answered. */

import type { Failure } from './failure.ts';

/** One attempt that failed. It is safe to log, because it contains no text of the provider or the SDK. */
export interface FailedAttempt<Id extends string = string> extends Failure {
  provider: Id;
  durationMs: number;
}

/**
 * `all_failed`: all attempts failed, with all providers or with as many as `maxAttempts` allows. `deadline`: the time was over
 * before all were tried. `no_provider`: there was no provider to try.
 */
export type FailoverErrorCode = 'all_failed' | 'deadline' | 'no_provider';

/**
 * Recognise it by `name` and `code` instead of `instanceof`, because a program may contain two copies of this class. Message and
 * fields are safe to log. The original errors can quote keys and prompts, so they are in a private field.
 */
export class FailoverError<Id extends string = string> extends Error {
  override readonly name = 'FailoverError';
  readonly code: FailoverErrorCode;
  /** The failed attempts, in the order in which they ended. */
  readonly attempts: readonly FailedAttempt<Id>[];
  /** Providers that were not asked, because no time or no attempt was left. */
  readonly notTried: readonly Id[];
  /** Whether a provider that is not usable (down or resting) was asked too. */
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

  /** The error of each attempt, in the order of `attempts`. Do not log them: they may contain keys and prompts. */
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
