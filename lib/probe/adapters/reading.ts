/** What a family's adapter reads out of an answer, or out of one event of a stream, for the judges to decide on. */

import type { JsonObject } from '../../base/json-value.ts';
import type { ProbeKind, ProviderConfig } from '../../health/provider.ts';
import type { StreamFormat } from './adapter.ts';

export interface Reading {
  /** There is something that a model generated: text, reasoning, a tool call, a refusal in words. */
  hasTokens: boolean;
  /** Why the model stopped, in the provider's word; null when it does not say (yet). */
  finishReason: string | null;
  /** The stream's end marker: nothing that matters comes after it. */
  isEnd: boolean;
  inputTokens: number | null;
  outputTokens: number | null;
  /** The model that answered. */
  model: string | null;
  /** The provider's id of the request, where it is in the body. */
  requestId: string | null;
}

/** An event of a stream from which nothing follows. */
export const NOTHING_READ: Reading = {
  hasTokens: false,
  finishReason: null,
  isEnd: false,
  inputTokens: null,
  outputTokens: null,
  model: null,
  requestId: null,
};

/** What is a family's own; the rest is the same for all. */
export interface FamilyRules {
  /** What a genuine answer is called in messages, with an article. */
  expected: string;
  /** The smallest body that makes a model generate, with the cap in its field. */
  body(config: ProviderConfig, tokenField: string, maxTokens: number): JsonObject;
  /** Fields of the body that ask for a stream; absent where the path asks. */
  streamFields?(config: ProviderConfig): JsonObject;
  /** Absent: server-sent events. */
  streamFormat?: StreamFormat;
  /** What follows the preset's path. */
  verb?(kind: ProbeKind): string;
  /** Headers that may hold the provider's id of the request, the best first. */
  requestIdHeaders: readonly string[];
  /** Null when the body has not the shape of this API's answers. */
  readAnswer(body: JsonObject): Reading | null;
  readEvent(body: JsonObject): Reading;
  /** Data of the event that ends a stream, where that is not JSON. */
  endMarker?: string;
  /** Finish reasons of a model that had nothing more to say: these alone, with no token, are no answer. */
  naturalEnds: readonly string[];
  /** A refusal that proves all the same that the model ran. */
  provesGeneration?(statusCode: number, body: string): boolean;
}

/** A count that can be believed; a provider could send anything. */
export function countOf(value: unknown): number | null {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 1e7 ? (value as number) : null;
}

/** The sum of two counts of which one may be missing. */
export function sumOf(one: unknown, other: unknown): number | null {
  const [a, b] = [countOf(one), countOf(other)];
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
