/**
 * What an error of an attempt says: read from the fields that the SDKs of the providers, fetch and undici put on what they
 * throw, and judged by the same catalogue as the probes. `shouldFailOver` decides whether
 * another provider is tried.
 */

import { first } from '../../base/first.ts';
import { parseJson } from '../../base/json.ts';
import { type JsonObject, objectOf } from '../../base/json-value.ts';
import { byItsWait } from '../../failures/allowance.ts';
import { type Judgement, judge } from '../../failures/match.ts';
import { headerReader, retryAfterBodyMs, retryAfterHeaderMs, retryAfterWordsMs } from '../../failures/retry-after.ts';
import { ANY_WRITER } from '../../failures/scope.ts';
import { unwrap } from '../../failures/unwrap.ts';
import type { Category } from '../../health/category.ts';
import { TRANSPORT_CODES } from './failure-codes.ts';
import { isFailedAnswer, keptBody } from './response-body.ts';

export interface Failure {
  /** Null when the error says nothing that decides it. */
  category: Category | null;
  /** HTTP status; null when there was no answer. */
  statusCode: number | null;
  /** The code that decided the category; null when the status or words did. One of those that this product knows. */
  code: string | null;
  /** How long the provider asks to wait; null when it did not say. */
  retryAfterMs: number | null;
}

type Fields = JsonObject;
type Judged = Pick<Judgement, 'category' | 'code' | 'advice'>;

/** Causes in causes: fetch has one, an SDK around it another, a wrapper a third. */
const DEEPEST = 5;

const NOTHING: Failure = { category: null, statusCode: null, code: null, retryAfterMs: null };

/**
 * Describes an error of openai, @anthropic-ai/sdk, @google/genai, the AI SDK, the AWS SDK, fetch or undici; or an answer
 * that is not ok or a web page, whose body `withFailover` has read.
 */
export function failureOf(error: unknown): Failure {
  return described(error).failure;
}

/** Faults of the request or of the program: the next provider would refuse it too. */
const IN_VAIN: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'RangeError']);

/**
 * Whether another provider is worth trying: yes for what may be the provider's own (an outage, a limit, a key, a
 * missing model, its content filter), and for errors that are not known; no for a request that is wrong anywhere,
 * and for bugs.
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
    // A field that throws when it is read.
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

/** An answer with a 2xx that is none, and that the catalogue does not know. */
const WEB_PAGE: Judged = { category: 'invalid_response', code: null, advice: null };

/** Failures that end by themselves when a limit refills. */
const ENDS: ReadonlySet<Category> = new Set<Category>(['rate_limited', 'overloaded', 'quota']);

/** The error and what lies behind it: its causes, the last of several tries, the body of the answer. */
function chainOf(error: unknown): Fields[] {
  const chain: Fields[] = [];
  for (let next = objectOf(error); next && chain.length < DEEPEST; next = objectOf(next.lastError ?? next.cause)) {
    chain.push(next);
  }
  return chain;
}

function statusOf({ status, statusCode, status_code, response, httpResponse, $metadata }: Fields): number | null {
  const answer = objectOf(response) ?? objectOf(httpResponse);
  const held = [answer?.status, answer?.statusCode, objectOf($metadata)?.httpStatusCode];
  const candidates = [status, statusCode, status_code, ...held];
  return candidates.find((one): one is number => Number.isInteger(one)) ?? null;
}

/**
 * Where SDKs keep the answer: openai in `error` what lay under "error" in it, @anthropic-ai/sdk all of it, the AI SDK in
 * `data` and as text in `responseBody`, @huggingface/inference in `httpResponse`, and @google/genai, which keeps nothing
 * else, as JSON in its message.
 */
function bodiesOf(error: Fields): unknown[] {
  const text = error.name === 'ApiError' ? error.message : error.responseBody;
  // Of `{"error": "text"}` openai keeps the text.
  const inner = typeof error.error === 'string' ? { error: error.error } : error.error;
  const answer = objectOf(error.response) ?? objectOf(error.httpResponse);
  // Of an answer of fetch it is a stream.
  const held = [answer?.data, answer instanceof Response ? null : answer?.body];
  const bodies = [inner, error.data, ...held, text, keptBody(error)];
  const body = error instanceof Response ? null : error.body;
  return [...bodies, body].filter((one) => (typeof one === 'string' && one !== '') || objectOf(one) !== null);
}

/** What the error itself says. Its message counts only where it is about an answer. */
function selfOf({ code, type, status, errorCode, name, details, message }: Fields, isAnswer: boolean): Fields {
  // AWS names its exceptions by their codes; other names are those of classes.
  const isCode = /Exception$/.test(String(name));
  return { code, type, status, errorCode, details, ...(isCode && { name }), ...(isAnswer && { message }) };
}

/** @google-cloud/vertexai keeps the answer in its message alone, behind `got status: 429 Too Many Requests. `. */
function isQuotingAnswer(message: unknown): boolean {
  return typeof message === 'string' && /\{\s*"(error|type)"/.test(message);
}

/** Codes before names. The class's name too: openai and @anthropic-ai/sdk give their errors no other. */
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
 * A program that reads a missing field of an answer got an empty answer from the provider, and `fetch` says only in words
 * that it got none, in each runtime in its own. Any other TypeError is taken for a bug.
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

function headersOf({ headers, responseHeaders, response, $response }: Fields): unknown {
  const candidates = [headers, responseHeaders, objectOf(response)?.headers, objectOf($response)?.headers];
  return candidates.find(objectOf) ?? null;
}
