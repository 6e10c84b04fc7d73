/**
 * Judges the error of an attempt. It reads the fields of the errors that the providers' SDKs, fetch and undici throw, and uses
 * the same catalogue of failures as the probes. `shouldFailOver` decides whether another provider is worth trying.
 */

import { first } from '../../base/first.ts';
import { parseJson } from '../../base/json.ts';
import { type JsonObject, objectOf, textOf } from '../../base/json-value.ts';
import { byItsWait } from '../../failures/allowance.ts';
import { type Judgement, judge } from '../../failures/match.ts';
import { headerReader, retryAfterBodyMs, retryAfterHeaderMs, retryAfterWordsMs } from '../../failures/retry-after.ts';
import { ANY_WRITER } from '../../failures/scope.ts';
import { unwrap } from '../../failures/unwrap.ts';
import type { Category } from '../../health/category.ts';
import { TRANSPORT_CODES } from './failure-codes.ts';
import { isFailedAnswer, keptBody } from './response-body.ts';

export interface Failure {
  /** Null when the error does not show the category. */
  category: Category | null;
  /** HTTP status; null when there was no answer. */
  statusCode: number | null;
  /** The code that decided the category, always one that this product knows; null when the status or words decided it. */
  code: string | null;
  /** Milliseconds that the provider asks to wait; null when it did not say. */
  retryAfterMs: number | null;
}

type Fields = JsonObject;
type Judged = Pick<Judgement, 'category' | 'code' | 'advice'>;

/** How many nested causes are read. An error of fetch has one, an SDK adds another, and a wrapper a third. */
const DEEPEST = 5;

const NOTHING: Failure = { category: null, statusCode: null, code: null, retryAfterMs: null };

/**
 * Describes an error of openai, @anthropic-ai/sdk, @google/genai, the AI SDK, the AWS SDK, fetch or undici. It also accepts an
 * answer of `fetch` that is not ok or is a web page, after `withFailover` has read its body.
 */
export function failureOf(error: unknown): Failure {
  return described(error).failure;
}

/** Errors of the request or of the program. They would happen with every provider. */
const IN_VAIN: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'RangeError']);

/**
 * Whether another provider is worth trying. True for failures that only this provider may have (an outage, a limit, a key, a
 * missing model, its content filter), and for unknown errors. False for a request that every provider would refuse, and for bugs.
 */
export function shouldFailOver(error: unknown): boolean {
  const { failure, judged } = described(error);
  if (failure.category === null) return !IN_VAIN.has((error as Partial<Error> | null)?.name ?? '');
  return failure.category !== 'bad_request' || judged?.advice === 'filter';
}

function described(error: unknown): { failure: Failure; judged: Judged | null } {
  try {
    return describe(error);
  } catch {
    // A field of the error threw when it was read.
    return { failure: NOTHING, judged: null };
  }
}

function describe(error: unknown): { failure: Failure; judged: Judged | null } {
  const chain = chainOf(error);
  const statusCode = first(chain, statusOf);
  const bodies = chain.flatMap(bodiesOf);
  const isAnswer = statusCode !== null || bodies.length > 0;
  const quoted = isAnswer ? [] : chain.map(({ message }) => message).filter(isQuotingAnswer);
  const layers = unwrap(...bodies, ...quoted, ...chain.map((one) => selfOf(one, isAnswer)));
  const header = headerReader(first(chain, headersOf));
  const now = new Date();
  const hinted =
    retryAfterHeaderMs(header, now) ??
    first(bodies, (body) => retryAfterBodyMs(typeof body === 'string' ? parseJson(body) : body, now));
  const found =
    judge({ statusCode, header, layers }, ANY_WRITER) ??
    byName(namesOf(chain)) ??
    byTypeError(error) ??
    (isFailedAnswer(error) ? WEB_PAGE : null);
  const judged = found && byItsWait(found, hinted ?? retryAfterWordsMs(layers), layers);
  const ends = judged !== null && ENDS.has(judged.category);
  const failure: Failure = {
    category: judged?.category ?? null,
    statusCode,
    code: judged?.code ?? null,
    retryAfterMs: hinted ?? (ends ? retryAfterWordsMs(layers) : null),
  };
  return { failure, judged };
}

/** A web page with a status 2xx that the catalogue does not know. */
const WEB_PAGE: Judged = { category: 'invalid_response', code: null, advice: null };

/** Failures that end by themselves after a time. */
const ENDS: ReadonlySet<Category> = new Set<Category>(['rate_limited', 'overloaded', 'quota']);

/** The error, and the errors in it: its causes, and the last error of several tries. */
function chainOf(error: unknown): Fields[] {
  const chain: Fields[] = [];
  for (let next = objectOf(error); next && chain.length < DEEPEST; next = objectOf(next.lastError ?? next.cause)) {
    chain.push(next);
  }
  return chain;
}

/** The error itself, and the answers in it: `response` of most SDKs, `httpResponse` of @huggingface/inference. */
function holdersIn(error: Fields): Fields[] {
  return [error, objectOf(error.response), objectOf(error.httpResponse)].filter((one) => one !== null);
}

function statusOf(error: Fields): number | null {
  const statuses = holdersIn(error).flatMap(({ status, statusCode, status_code }) => [status, statusCode, status_code]);
  const candidates = [...statuses, objectOf(error.$metadata)?.httpStatusCode];
  return candidates.find((one): one is number => Number.isInteger(one)) ?? null;
}

/**
 * The bodies of the answer that an error contains. Each SDK keeps it elsewhere: openai has the field "error" of the answer in
 * `error`, @anthropic-ai/sdk the whole answer in `error`, the AI SDK has it in `data` and as text in `responseBody`,
 * @huggingface/inference in `httpResponse`, and @google/genai as JSON in the message.
 */
function bodiesOf(error: Fields): unknown[] {
  // For `{"error": "text"}` openai keeps only the text.
  const inner = typeof error.error === 'string' ? { error: error.error } : error.error;
  const text = error.name === 'ApiError' ? error.message : error.responseBody;
  // The body of an answer of fetch is a stream, so it cannot be read here.
  const held = holdersIn(error).flatMap((one) => (one instanceof Response ? [] : [one.data, one.body]));
  return [inner, ...held, text, keptBody(error)].filter((one) => textOf(one) ?? objectOf(one));
}

/** The error's own fields. Its message counts only if there was an answer. */
function selfOf({ code, type, status, errorCode, name, details, message }: Fields, isAnswer: boolean): Fields {
  // The names of AWS exceptions are codes. Other names are those of classes.
  const isCode = /Exception$/.test(String(name));
  return { code, type, status, errorCode, details, ...(isCode && { name }), ...(isAnswer && { message }) };
}

/** @google-cloud/vertexai has the answer only in its message, after `got status: 429 Too Many Requests. `. */
function isQuotingAnswer(message: unknown): boolean {
  return typeof message === 'string' && /\{\s*"(error|type)"/.test(message);
}

/** Codes first, then names, then names of classes: errors of openai and @anthropic-ai/sdk have only the last. */
function namesOf(chain: readonly Fields[]): string[] {
  const classOf = ({ constructor: made }: Fields) => (made as { name?: unknown } | undefined)?.name;
  const names = [...chain.map(({ code }) => code), ...chain.map(({ name }) => name), ...chain.map(classOf)];
  return names.filter((one) => typeof one === 'string');
}

function byName(names: readonly string[]): Judged | null {
  return first(names, (code) => {
    const rule = TRANSPORT_CODES.find(([pattern]) => pattern.test(code));
    return rule ? { category: rule[1], code, advice: null } : null;
  });
}

/**
 * TypeErrors that the provider caused. A program that reads a missing field of an answer got an empty answer. `fetch` reports a
 * failed connection only by words, which differ by runtime. Every other TypeError counts as a bug.
 */
const TYPE_ERRORS: readonly (readonly [RegExp, Category])[] = [
  [
    /^Cannot read properties of (?:undefined|null) \(reading '(?:0|choices|message|delta|content|text|candidates|parts|output|usage)'\)$/,
    'invalid_response',
  ],
  [/^(fetch failed|terminated|failed to fetch|load failed|network ?error|error sending request)/i, 'connect'],
];

function byTypeError(error: unknown): Judged | null {
  if (!(error instanceof TypeError)) return null;
  const rule = TYPE_ERRORS.find(([pattern]) => pattern.test(error.message));
  return rule ? { category: rule[1], code: null, advice: null } : null;
}

function headersOf(error: Fields): unknown {
  const answers = [...holdersIn(error), objectOf(error.$response)];
  return answers.map((one) => one?.headers ?? one?.responseHeaders).find(objectOf) ?? null;
}
