/**
 * The problems that a request can have, and the one place where an error becomes an answer (RFC 9457). An unknown error
 * becomes 500 with the request's id, without the error's text.
 */

import { STATUS_CODES } from 'node:http';
import type { CheckerError, TooManyChecksError } from '../../checker/errors.ts';
import type { HealthCheck } from '../../health/check.ts';
import { distanceMs } from '../../health/future.ts';
import type { StoreError } from '../../store/store.ts';

export const PROBLEM_MEDIA = 'application/problem+json';

/** Every `code` of a problem, and its HTTP status. */
export const PROBLEMS = {
  bad_request: 400,
  answer_too_large: 400,
  unauthenticated: 401,
  sign_in_failed: 401,
  not_permitted: 403,
  cross_site: 403,
  unknown_provider: 404,
  unknown_incident: 404,
  unknown_route: 404,
  method_not_allowed: 405,
  declared_provider: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  too_many_checks: 429,
  too_many_attempts: 429,
  internal: 500,
  unreadable_status: 500,
  access_unavailable: 503,
  store_unavailable: 503,
  monitor_silent: 503,
  unfinished: 504,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** One mistake of a request. */
export interface FieldIssue {
  /** Path of the field, such as `limit` or `headers.host`; empty for the body as a whole. */
  field: string;
  message: string;
}

/** Further fields of a problem. */
export interface ProblemExtras {
  /** For `bad_request`: every mistake, by field. */
  errors?: readonly FieldIssue[];
  /** Also sent as the header Retry-After. */
  retryAfterSeconds?: number;
  /** For `too_many_checks`: the newest result; null when there is none. */
  lastCheck?: HealthCheck | null;
  /** For `too_many_checks`: the age of `lastCheck`. */
  ageMs?: number | null;
  /** For `method_not_allowed`: the allowed methods, sent as the header Allow. */
  allow?: readonly string[];
  /** For `unauthenticated`: the header WWW-Authenticate. */
  challenge?: string;
}

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  /** @param detail Shown to the caller. */
  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
    this.extras = extras;
  }

  get status(): number {
    return PROBLEMS[this.code];
  }
}

export function badRequest(errors: readonly FieldIssue[]): Problem {
  const detail = errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
  return new Problem('bad_request', detail, { errors });
}

export function unknownIncident(slug: string): Problem {
  return new Problem('unknown_incident', `There is no incident "${slug}". GET /v1/incidents lists all incidents.`);
}

/** Short, since every request tries to read the table again. */
const STORE_RETRY_SECONDS = 5;
/** Longer, since a person must create a missing table or grant a missing permission. */
const STORE_MENDED_SECONDS = 60;

/** Turns an error into a problem. An unknown error becomes a plain 500, and is kept as its `cause` for the log. */
export function problemOf(error: unknown, now: Date): Problem {
  if (!(error instanceof Error)) return internal(error);
  // Compare by name and code, not by class: a program may bundle two copies of a class.
  switch (error.name) {
    case 'Problem':
      return error as Problem;
    case 'StoreError':
      return storeProblem(error as StoreError);
    case 'CheckerError':
      return checkerProblem(error as CheckerError, now);
    case 'ConfigError':
      return configProblem(error as Error & ConfigIssues);
    default:
      return internal(error);
  }
}

/** The mistakes in an error of lib/config. */
interface ConfigIssues {
  issues: readonly { path: string; message: string }[];
}

function configProblem({ issues }: ConfigIssues): Problem {
  return badRequest(issues.map(({ path, message }) => ({ field: path, message })));
}

function storeProblem(error: StoreError): Problem {
  switch (error.code) {
    case 'bad_cursor':
      return badRequest([{ field: 'cursor', message: 'expected the nextCursor of an answer, got something else' }]);
    case 'unreadable':
      return new Problem(
        'unreadable_status',
        'The stored status or settings of this provider cannot be understood. The reason is in GET /v1/providers under "unreadable", or ' +
          'in the log of the last tick.',
        {},
        { cause: error },
      );
    case 'unreachable':
    case 'throttled':
      return storeUnavailable(error, STORE_RETRY_SECONDS);
    case 'denied':
    case 'missing':
    case 'not_ours':
      return storeUnavailable(error, STORE_MENDED_SECONDS);
    default: {
      const never: never = error.code;
      return never;
    }
  }
}

function storeUnavailable(cause: StoreError, retryAfterSeconds: number): Problem {
  const detail = 'The monitor cannot read its table now, so it knows the health of no provider.';
  return new Problem('store_unavailable', detail, { retryAfterSeconds }, { cause });
}

function checkerProblem(error: CheckerError, now: Date): Problem {
  if (error.code === 'unknown_provider') {
    return new Problem(error.code, `${error.message} GET /v1/providers lists all providers.`);
  }
  if (error.code !== 'too_many_checks') return new Problem(error.code, error.message);
  const { retryAfterSeconds, lastCheck } = error as TooManyChecksError;
  const ageMs = lastCheck && distanceMs(lastCheck.timestamp, now);
  return new Problem(error.code, error.message, { retryAfterSeconds, lastCheck, ageMs });
}

function internal(cause: unknown): Problem {
  const detail = 'The monitor failed to answer. Its log says why, under this requestId.';
  return new Problem('internal', detail, {}, { cause });
}

/** The HTTP answer for a problem. It is never cached. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const { allow, challenge, ...extras } = problem.extras;
  const headers = new Headers({ 'content-type': PROBLEM_MEDIA, 'cache-control': 'no-store' });
  if (extras.retryAfterSeconds !== undefined) headers.set('retry-after', String(extras.retryAfterSeconds));
  if (allow) headers.set('allow', allow.join(', '));
  if (challenge) headers.set('www-authenticate', challenge);
  const body = {
    type: 'about:blank',
    title: STATUS_CODES[problem.status],
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    requestId,
    ...extras,
  };
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}
