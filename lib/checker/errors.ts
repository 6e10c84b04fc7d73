/** An error that the caller of HealthChecker caused. Recognise it by `code`. lib/api maps each code to an answer. */

import type { HealthCheck } from '../health/check.ts';

export class CheckerError extends Error {
  override readonly name: string = 'CheckerError';
  /** `unfinished`: a manual check was aborted before its result was known. */
  readonly code: 'unknown_provider' | 'declared_provider' | 'too_many_checks' | 'unfinished';

  constructor(code: CheckerError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export function unknownProvider(id: string): CheckerError {
  return new CheckerError('unknown_provider', `There is no provider "${id}".`);
}

/** A manual check that the limits refuse: one per provider in 10 s, 60 an hour in all. */
export class TooManyChecksError extends CheckerError {
  /** Time until a retry may succeed, in seconds, at least 1. */
  readonly retryAfterSeconds: number;
  /** The newest result; null when there is none. */
  readonly lastCheck: HealthCheck | null;

  constructor(message: string, retryAfterSeconds: number, lastCheck: HealthCheck | null) {
    super('too_many_checks', message);
    this.retryAfterSeconds = retryAfterSeconds;
    this.lastCheck = lastCheck;
  }
}

/** An option of HealthChecker, or its environment variable, has a value that cannot be used. Recognise it by `code`. */
export class CheckerOptionError extends Error {
  override readonly name = 'CheckerOptionError';
  readonly code = 'bad_option';
  /** The option's name, such as `timeoutSeconds`, or the variable's. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(`${option}: ${message}`);
    this.option = option;
  }
}
