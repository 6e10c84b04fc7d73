/**
 * The interface of a simulated API family: how it reads a request, and its possible answers. Pure functions. Not here:
 * which answer a request gets, and when (behaviour.ts).
 */

import type * as z from 'zod';
import type { Failure } from '../behaviour.ts';

export interface ApiRequest {
  method: string;
  /** Path below the provider's base path, without the query. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON; undefined when there is no body or no JSON. */
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
  /** The events before the first token. */
  opening: string;
  /** The first token. */
  token: string;
  /** The rest, including the end marker. */
  closing: string;
}

export interface Completion {
  model: string;
  stream: boolean;
  /** The request's limit; null: none. */
  maxTokens: number | null;
  /** Whether a stream ends with the number of used tokens. */
  includeUsage: boolean;
}

export type Reading =
  | ({ asks: 'completion' } & Completion)
  | { asks: 'models' }
  /** A request that the real API would refuse. */
  | { asks: 'nothing'; failure: Failure; reason: string | null };

/** Values for an answer. */
export interface AnswerContext {
  now: Date;
  /** 24 hexadecimal digits, different for each request. */
  id: string;
  /** The requested model, or the provider's first one. */
  model: string;
}

export interface FailureContext extends AnswerContext {
  retryAfterSeconds: number | null;
  /** Replaces the usual message; null: the usual one. */
  reason: string | null;
}

export interface SimulatedApi {
  /** The key of a request; null when it has none where this API expects it. */
  keyOf(request: ApiRequest): string | null;
  /** @param models The models of this provider. */
  read(request: ApiRequest, models: readonly string[]): Reading;
  completion(asked: Completion, context: AnswerContext): ApiAnswer;
  stream(asked: Completion, context: AnswerContext): ApiStream;
  models(models: readonly string[], context: AnswerContext): ApiAnswer;
  failure(failure: Failure, context: FailureContext): ApiAnswer;
}

/** Tokens of the prompt "Reply with: ok", including those of the chat format. */
export const PROMPT_TOKENS = 11;

/** The model's answer within a limit: one word and the end token, or only the word. */
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

/** @param reason Replaces the usual message; null: the usual one. */
export function refused(failure: Failure, reason: string | null): Reading {
  return { asks: 'nothing', failure, reason };
}

/** The key in `Authorization: Bearer …`. */
export function bearerKey(request: ApiRequest): string | null {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** The first mistake of a body, such as `messages.0.role: expected …`. */
export function firstMistake(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'invalid body' : `${issue.path.join('.') || 'body'}: ${issue.message}`;
}
