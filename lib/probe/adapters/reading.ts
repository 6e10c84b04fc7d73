/** What a family's rules read from an answer or from one event of a stream. The judges decide by it. */

import type { JsonObject } from '../../base/json-value.ts';
import type { ProbeKind, ProviderConfig } from '../../health/provider.ts';
import type { StreamFormat } from './adapter.ts';

export interface Reading {
  /** Whether there is something that a model generated: text, reasoning, a tool call, or a refusal in words. */
  hasTokens: boolean;
  /** Why the model stopped, in the provider's word; null: not said (yet). */
  finishReason: string | null;
  /** Whether this is the stream's end marker. Nothing after it matters. */
  isEnd: boolean;
  inputTokens: number | null;
  outputTokens: number | null;
  /** The model that answered. */
  model: string | null;
  /** The provider's id of the request, if the body contains it. */
  requestId: string | null;
}

/** The reading of an event that says nothing. */
export const NOTHING_READ: Reading = {
  hasTokens: false,
  finishReason: null,
  isEnd: false,
  inputTokens: null,
  outputTokens: null,
  model: null,
  requestId: null,
};

/** The differences between families. */
export interface FamilyRules {
  /** Name of a genuine answer in messages, with an article. */
  expected: string;
  /** The smallest body that makes a model generate, with the token limit in its field. */
  body(config: ProviderConfig, tokenField: string, maxTokens: number): JsonObject;
  /** Fields of the body that request a stream. Absent: the path does. */
  streamFields?(config: ProviderConfig): JsonObject;
  /** Absent: server-sent events. */
  streamFormat?: StreamFormat;
  /** Appended to the preset's path. */
  verb?(kind: ProbeKind): string;
  /** Headers that may contain the provider's id of the request, the best one first. */
  requestIdHeaders: readonly string[];
  /** Null when the body does not have the shape of this API's answers. */
  readAnswer(body: JsonObject): Reading | null;
  readEvent(body: JsonObject): Reading;
  /** Data of the event that ends a stream, if it is not JSON. */
  endMarker?: string;
  /** Finish reasons of a model that has finished its answer. With one of these and no token, there was no answer. */
  naturalEnds: readonly string[];
  /** Whether a refusal proves that the model ran. */
  provesGeneration?(statusCode: number, body: string): boolean;
}

/** One probe of a provider: the rules of its family, its settings, and the kind of probe. */
export interface ProbeSpec {
  rules: FamilyRules;
  config: ProviderConfig;
  kind: ProbeKind;
}

/** More tokens than any probe uses. A larger count is an error of the provider. */
const IMPLAUSIBLE_COUNT = 1e7;

/** A plausible count; null for anything else, since a provider could send anything. */
export function countOf(value: unknown): number | null {
  const count = Number.isInteger(value) ? Number(value) : -1;
  return count >= 0 && count < IMPLAUSIBLE_COUNT ? count : null;
}

/** The sum of two counts. One may be missing; null when both are. */
export function sumOf(one: unknown, other: unknown): number | null {
  const [a, b] = [countOf(one), countOf(other)];
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
