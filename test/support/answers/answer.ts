/** The form of a recorded answer: what a provider sent, and the result that the probe must give. */

import type { Category } from '../../../lib/health/category.ts';
import type { ProbeKind, ProviderType } from '../../../lib/health/provider.ts';

export type Expected =
  | { isHealthy: true; tokens?: { input: number; output: number }; warning?: string; requestId?: string }
  | { isHealthy: false; category: Category; retryAfterMs?: number; message?: string; requestId?: string };

export interface RecordedAnswer {
  type: ProviderType;
  /** Unique within its type. */
  name: string;
  /** The probe that it answers. */
  kind: ProbeKind;
  statusCode: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** As sent; of a `stream` probe an event stream, unless the content type says otherwise. */
  body: string;
  expected: Expected;
}

/** Dates in recorded headers are relative to this. */
export const RECEIVED_AT = new Date('2026-11-24T12:00:00.000Z');

const JSON_HEADERS = { 'content-type': 'application/json' };
const STREAM_HEADERS = { 'content-type': 'text/event-stream' };

type Headers = Readonly<Record<string, string>>;
type Fields = Omit<RecordedAnswer, 'type' | 'kind' | 'headers' | 'body'> & { headers?: Headers };

/** An answer to a completion probe, its body as JSON. */
export function answer(type: ProviderType, fields: Fields & { body: unknown }): RecordedAnswer {
  const headers = { ...JSON_HEADERS, ...fields.headers };
  return { ...fields, type, kind: 'completion', headers, body: JSON.stringify(fields.body) };
}

/** An answer whose body is sent as it is: HTML, plain text, broken JSON. */
export function rawAnswer(type: ProviderType, fields: Fields & { body: string }): RecordedAnswer {
  return { ...fields, type, kind: 'completion', headers: fields.headers ?? {} };
}

/** An answer to a `models` probe. */
export function models(type: ProviderType, fields: Fields & { body: unknown }): RecordedAnswer {
  return { ...answer(type, fields), kind: 'models' };
}

/** A stream with status 200. Each event is its data, or its name and its data. */
export function stream(
  type: ProviderType,
  fields: Omit<Fields, 'statusCode'> & { events: readonly (unknown | readonly [string, unknown])[] },
): RecordedAnswer {
  const { name, expected, headers, events } = fields;
  const body = events.map(eventText).join('');
  return { type, name, expected, kind: 'stream', statusCode: 200, headers: { ...STREAM_HEADERS, ...headers }, body };
}

function eventText(event: unknown): string {
  if (!Array.isArray(event)) return `data: ${dataText(event)}\n\n`;
  return `event: ${event[0]}\ndata: ${dataText(event[1])}\n\n`;
}

function dataText(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data);
}

export const HEALTHY: Expected = { isHealthy: true };

export function failed(category: Category, more: { retryAfterMs?: number; message?: string } = {}): Expected {
  return { isHealthy: false, category, ...more };
}
