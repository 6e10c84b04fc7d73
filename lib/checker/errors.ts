/** What a caller of HealthChecker can get wrong. Recognise it by `code`; lib/api maps each to an answer. */

import type { HealthCheck } from '../health/check.ts';

export class CheckerError extends Error {
  override readonly name: string = 'CheckerError';
  /** `unfinished`: a manual check that had to end before its result was known. */
  readonly code: 'unknown_provider' | 'declared_provider' | 'too_many_checks' | 'unfinished';

  constructor(code: CheckerError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** A manual check that the limits refuse: one per provider in 10 s, 60 an hour in all. */
export class TooManyChecksError extends CheckerError {
  /** Seconds, at least 1. */
  readonly retryAfterSeconds: number;
  /** The newest result there is; null when there is none. */
  readonly lastCheck: HealthCheck | null;

  constructor(message: string, retryAfterSeconds: number, lastCheck: HealthCheck | null) {
    super('too_many_checks', message);
    this.retryAfterSeconds = retryAfterSeconds;
    this.lastCheck = lastCheck;
  }
}

/** An option of HealthChecker, or the variable that stands for it, that cannot be used. Recognise it by `code`. */
export class CheckerOptionError extends Error {
  override readonly name = 'CheckerOptionError';
  readonly code = 'bad_option';
  /** Such as `timeoutSeconds`. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(`${option}: ${message}`);
    this.option = option;
  }
}
