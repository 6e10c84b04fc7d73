/**
 * What an error of an attempt says: read from the fields that the SDKs of the providers, fetch and undici put on what they
 * throw, never from the wording of a message. Whether another provider is tried for it is `shouldFailOver`'s.
 */

import { parseJson } from '../../base/json.ts';
import type { Category } from '../../health/category.ts';
import { categoryOfStatus } from '../../probe/failure/status.ts';
import { ANSWER_CODES, ANSWER_TYPES, type CodeRules, TRANSPORT_CODES } from './failure-codes.ts';

export interface Failure {
  /** Null when the error says nothing by which it could be told. */
  category: Category | null;
  /** HTTP status; null when there was no answer. */
  statusCode: number | null;
  /** The code that told the category; null when the status did. One of those that this product knows. */
  code: string | null;
  /** How long the provider asks to wait; null when it did not say. */
  retryAfterMs: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** Causes in causes: fetch has one, an SDK around it another, a wrapper a third. */
const DEEPEST = 5;
const LONGEST_RETRY_MS = 3_600_000;

/** Describes an error of openai, @anthropic-ai/sdk, @google/genai, the AI SDK, the AWS SDK, fetch or undici; or an answer that is not ok. */
export function failureOf(error: unknown): Failure {
  const chain = chainOf(error);
  const statusCode = first(chain, statusOf);
  const retryAfterMs = first(chain, retryOf);
  const codes = chain.flatMap(codesOf);
  const told =
    match(codes, ANSWER_CODES) ??
    byStatus(statusCode) ??
    match(codes, ANSWER_TYPES) ??
    match(namesOf(chain), TRANSPORT_CODES);
  return { category: told?.category ?? null, statusCode, code: told?.code ?? null, retryAfterMs };
}

/** Faults of the request or of the program: the next provider would be asked the same in vain. */
const IN_VAIN: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'RangeError']);

/**
 * Whether another provider is worth trying: yes for whatever may be the provider's own (an outage, a limit, a key, a model
 * that it has not), and for errors that nothing is known of; no for a request that is wrong anywhere, and for bugs.
 */
export function shouldFailOver(error: unknown): boolean {
  const { category } = failureOf(error);
  return category === null ? !IN_VAIN.has((error as Partial<Error> | null)?.name ?? '') : category !== 'bad_request';
}

/** The error and what lies behind it: its causes, the last of several tries, the body of the answer. */
function chainOf(error: unknown): Fields[] {
  const chain: Fields[] = [];
  for (let next = objectOf(error); next && chain.length < DEEPEST; next = objectOf(next.lastError ?? next.cause)) {
    chain.push(next);
  }
  return chain;
}

function statusOf({ status, statusCode, response, $metadata }: Fields): number | null {
  const candidates = [status, statusCode, objectOf(response)?.status, objectOf($metadata)?.httpStatusCode];
  return candidates.find((one): one is number => Number.isInteger(one)) ?? null;
}

function byStatus(statusCode: number | null): { category: Category; code: null } | null {
  const category = statusCode === null ? null : categoryOfStatus(statusCode);
  return category && { category, code: null };
}

/** Codes of the answer, the most telling first. */
function codesOf(error: Fields): string[] {
  return bodiesOf(error).flatMap((body) => {
    const { details } = body;
    const reasons = Array.isArray(details)
      ? details.map((one) => objectOf(one)?.reason)
      : [objectOf(details)?.error_code];
    return [...reasons, body.code, body.type, body.status, body.errorCode, body.name].flatMap((code) =>
      typeof code === 'string' || typeof code === 'number' ? String(code) : [],
    );
  });
}

/**
 * Where SDKs keep the answer: openai in `error` what lay under "error" in it, @anthropic-ai/sdk all of it, the AI SDK in
 * `data`, and @google/genai, which keeps nothing else, as JSON in its message.
 */
function bodiesOf(error: Fields): Fields[] {
  const text = error.name === 'ApiError' ? error.message : error.responseBody;
  const bodies = [
    error.error,
    error.data,
    error.body,
    objectOf(error.response)?.data,
    typeof text === 'string' ? parseJson(text) : null,
  ];
  return [...bodies.flatMap((body) => [objectOf(objectOf(body)?.error), objectOf(body)]), error].filter(
    (one) => one !== null,
  );
}

/** Codes before names. The class's name too: openai and @anthropic-ai/sdk give their errors no other. */
function namesOf(chain: readonly Fields[]): string[] {
  const classOf = ({ constructor: made }: Fields) => (made as { name?: unknown } | undefined)?.name;
  const names = [...chain.map(({ code }) => code), ...chain.map(({ name }) => name), ...chain.map(classOf)];
  return names.filter((one) => typeof one === 'string');
}

function retryOf({ headers, responseHeaders, response, $response }: Fields): number | null {
  const held = [headers, responseHeaders, objectOf(response)?.headers, objectOf($response)?.headers].find(objectOf);
  const header = (name: string) => {
    const value = held instanceof Headers ? held.get(name) : objectOf(held)?.[name];
    return value === null || value === undefined || value === '' ? Number.NaN : Number(value);
  };
  const ms = [header('retry-after-ms'), header('retry-after') * 1000].find(Number.isFinite);
  return ms === undefined ? null : Math.min(Math.max(ms, 0), LONGEST_RETRY_MS);
}

function match(codes: readonly string[], rules: CodeRules): { category: Category; code: string } | null {
  return first(codes, (code) => {
    const rule = rules.find(([pattern]) => pattern.test(code));
    return rule ? { category: rule[1], code } : null;
  });
}

function first<T, R>(list: readonly T[], look: (one: T) => R | null): R | null {
  for (const one of list) {
    const found = look(one);
    if (found !== null) return found;
  }
  return null;
}

function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null ? (value as Fields) : null;
}
