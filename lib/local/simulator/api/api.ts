/**
 * An API family as the simulator speaks it: how it reads a request, and what it answers. Pure: behaviour.ts decides which
 * of these answers a request gets, and when.
 */

import type * as z from 'zod';
import type { Failure } from '../behaviour.ts';

export interface ApiRequest {
  method: string;
  /** Below the provider's base path, without the query. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Parsed; undefined when there is none or when it is no JSON. */
  body: unknown;
}

export interface ApiAnswer {
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A streamed answer in three parts, one for each phase. */
export interface ApiStream {
  headers: Readonly<Record<string, string>>;
  /** Before any token. */
  opening: string;
  /** The first token. */
  token: string;
  /** The rest, the end marker included. */
  closing: string;
}

export interface Completion {
  model: string;
  stream: boolean;
  /** Null when the request sets no cap. */
  maxTokens: number | null;
  /** Whether a stream shall say how many tokens it used. */
  includeUsage: boolean;
}

export type Reading =
  | ({ asks: 'completion' } & Completion)
  | { asks: 'models' }
  /** A request that the real API would always refuse. */
  | { asks: 'nothing'; failure: Failure; reason: string | null };

/** What an answer says of itself. */
export interface AnswerContext {
  now: Date;
  /** 24 hexadecimal digits, another for each request. */
  id: string;
  /** The model asked for; the provider's own when none was. */
  model: string;
}

export interface FailureContext extends AnswerContext {
  retryAfterSeconds: number | null;
  /** In place of the usual words. */
  reason: string | null;
}

export interface SimulatedApi {
  /** The key that a request carries; null when it has none where this API wants it. */
  keyOf(request: ApiRequest): string | null;
  /** @param models The models that this provider has. */
  read(request: ApiRequest, models: readonly string[]): Reading;
  completion(asked: Completion, context: AnswerContext): ApiAnswer;
  stream(asked: Completion, context: AnswerContext): ApiStream;
  models(models: readonly string[], context: AnswerContext): ApiAnswer;
  failure(failure: Failure, context: FailureContext): ApiAnswer;
}

/** Tokens of the prompt "Reply with: ok", the chat's frame included. */
export const PROMPT_TOKENS = 11;

/** What the model says within a cap: one word and the token that ends it, or the word alone. */
export function reply(maxTokens: number | null): { text: string; tokens: number; finished: boolean } {
  const finished = maxTokens === null || maxTokens > 1;
  return { text: 'ok', tokens: finished ? 2 : 1, finished };
}

export function json(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** One server-sent event. @param event Absent for an event without a name. */
export function sse(data: unknown, event?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
}

export const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

export function retryAfter(context: FailureContext): Record<string, string> {
  return context.retryAfterSeconds === null ? {} : { 'retry-after': String(context.retryAfterSeconds) };
}

/** @param reason Null for the usual words. */
export function refused(failure: Failure, reason: string | null): Reading {
  return { asks: 'nothing', failure, reason };
}

/** The key of `Authorization: Bearer …`. */
export function bearerKey(request: ApiRequest): string | null {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** The first mistake of a body, as `path: what was expected`. */
export function firstMistake(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'invalid body' : `${issue.path.join('.') || 'body'}: ${issue.message}`;
}
