/** Reads how long an answer asks to wait, in all forms that providers use. */

import { first } from '../base/first.ts';
import { arrayOf, at, objectOf, textOf } from '../base/json-value.ts';
import type { Layer } from './layer.ts';

/** Reads a header by its name in lower case; null where there is none. */
export type HeaderReader = (name: string) => string | null;

/** How many fields of an object in a body are searched. */
const MOST_FIELDS = 32;
/** A longer wait is cut to this, because checks continue anyway. */
export const LONGEST_MS = 3_600_000;

/** The headers of an answer, from a `Headers`, a map, an object with names in any case, or lists of values. */
export function headerReader(held: unknown): HeaderReader {
  if (typeof (held as Headers | null)?.get === 'function') {
    return (name) => valueText((held as Headers).get(name));
  }
  const fields = new Map(Object.entries(objectOf(held) ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => valueText(fields.get(name));
}

function valueText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return textOf(Array.isArray(value) ? value[0] : value);
}

/** The wait in the header `retry-after-ms` or `retry-after`, in milliseconds from 0 to 3 600 000; null when there is none. */
export function retryAfterHeaderMs(header: HeaderReader, now: Date): number | null {
  return clamped(numberIn(header('retry-after-ms')) ?? waitMs(header('retry-after'), now));
}

/** The wait in a field of the body (Google's `RetryInfo`, or the field of another provider); null when there is none. */
export function retryAfterBodyMs(body: unknown, now: Date): number | null {
  const root = arrayOf(body)?.[0] ?? body;
  const error = objectOf(at(root, 'error')) ?? root;
  const details = arrayOf(at(error, 'details'))?.slice(0, 16) ?? [];
  return first([...details, error, at(error, 'metadata'), root], (place) => {
    const own = (name: RegExp) => valueText(fieldOf(place, name));
    const header = headerReader(at(place, 'headers'));
    return clamped(
      durationMs(own(/^retryDelay$/)) ??
        numberIn(own(MILLISECONDS)) ??
        waitMs(own(SECONDS), now) ??
        retryAfterHeaderMs(header, now) ??
        waitMs(header('x-ratelimit-reset'), now),
    );
  });
}

function fieldOf(place: unknown, name: RegExp): unknown {
  const fields = Object.entries(objectOf(place) ?? {}).slice(0, MOST_FIELDS);
  return fields.find(([field]) => name.test(field))?.[1];
}

/** Fields with seconds or a time: `retryAfterSeconds`, `reset_seconds`, `resets_at`. */
const SECONDS = /^(retry_?after(_?s(ec(onds)?)?)?|resets?_?(in_?)?seconds|resets?_?at)$/i;
const MILLISECONDS = /^retry_?after_?ms$/i;

/** `Please try again in 7m12.5s.`, `retry after 23 seconds`, `wait 6 seconds`. Read only of a failure that ends by itself. */
const IN_WORDS =
  /(?:(?:again|retry|resets?) (?:in|after)|\bwait(?: for)?) ~?((?:\d{1,6}(?:\.\d{1,9})? ?(?:ms|[dhms])[a-z]{0,11},? ?){1,5})/i;

export function retryAfterWordsMs(layers: readonly Layer[]): number | null {
  const words = first(layers, ({ message }) => IN_WORDS.exec(message ?? '')?.[1] ?? null);
  return words === null ? null : clamped(sumOfParts(words));
}

export function clamped(ms: number | null): number | null {
  return ms === null || Number.isNaN(ms) ? null : Math.ceil(Math.min(Math.max(ms, 0), LONGEST_MS));
}

export function numberIn(text: string | null): number | null {
  return text !== null && /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

/** Seconds, `7m12s`, a date, or a time in seconds or milliseconds since 1970. */
export function waitMs(text: string | null, now: Date): number | null {
  const number = numberIn(text);
  if (number === null) return durationMs(text) ?? untilDate(text, now);
  if (number > 1e12 && number < 1e13) return number - now.getTime();
  if (number > 1e9 && number < 1e10) return number * 1000 - now.getTime();
  return number * 1000;
}

/** Accepts only the forms of dates that providers use, because Date.parse accepts almost any text. */
function untilDate(text: string | null, now: Date): number | null {
  if (text === null || text.length > 64 || !/^\s*([A-Za-z]{3,9},? [\dA-Za-z]|\d{4}-\d\d-\d\dT)/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time - now.getTime();
}

/** `6m0s`, `12ms`, `17s`, `1h0m2.5s`. */
function durationMs(text: string | null): number | null {
  const isDuration = /^\s*(?:\d{1,9}(?:\.\d{1,9})?(?:ms|[dhms]))+\s*$/.test(text ?? '');
  return isDuration ? sumOfParts(text ?? '') : null;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function sumOfParts(text: string): number {
  let sum = 0;
  for (const [, number, unit = ''] of text.matchAll(/([\d.]+) ?(ms|milli|[dhms])/gi)) {
    sum += Number(number) * (UNITS_MS[unit.toLowerCase()] ?? 1);
  }
  return sum;
}
