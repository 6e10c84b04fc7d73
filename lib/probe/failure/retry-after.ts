/** How long an answer asks to wait, in whichever of the providers' ways it says so. */

import { arrayOf, at } from '../../base/json-value.ts';
import type { ProbeAnswer } from '../adapters/adapter.ts';

type Headers = ProbeAnswer['headers'];

/** Nobody is believed who asks for more: the checks go on anyway. */
const LONGEST_MS = 3_600_000;

/** The wait that a header or body asks for in so many words; 0 to 3 600 000, null when none does. */
export function retryAfterMs(headers: Headers, body: unknown, receivedAt: Date): number | null {
  return (
    clamped(numberIn(headers['retry-after-ms'])) ??
    clamped(secondsOrDate(headers['retry-after'], receivedAt)) ??
    clamped(retryInfoMs(body))
  );
}

/**
 * The wait until the limits refill that an answer tells of. Providers send these with every answer, so they are a hint
 * only in one that refuses for too many requests.
 */
export function limitResetMs(headers: Headers, receivedAt: Date): number | null {
  return (
    clamped(latestReset(headers, 'anthropic-ratelimit-', receivedAt)) ??
    clamped(latestReset(headers, 'x-ratelimit-', receivedAt))
  );
}

function clamped(ms: number | null): number | null {
  return ms === null || Number.isNaN(ms) ? null : Math.ceil(Math.min(Math.max(ms, 0), LONGEST_MS));
}

function numberIn(text: string | undefined): number | null {
  return text !== undefined && /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

function secondsOrDate(text: string | undefined, now: Date): number | null {
  const seconds = numberIn(text);
  return seconds === null ? untilDate(text, now) : seconds * 1000;
}

/** Date.parse takes almost anything for a date, so only the two forms in use get there. */
function untilDate(text: string | undefined, now: Date): number | null {
  if (text === undefined || !/^\s*([A-Za-z]{3,9}, \d|\d{4}-\d\d-\d\dT)/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at - now.getTime();
}

function retryInfoMs(body: unknown): number | null {
  for (const detail of arrayOf(at(body, 'error', 'details')) ?? arrayOf(at(body, 0, 'error', 'details')) ?? []) {
    const type = at(detail, '@type');
    const delay = at(detail, 'retryDelay');
    if (typeof type === 'string' && type.endsWith('google.rpc.RetryInfo') && typeof delay === 'string') {
      return durationMs(delay);
    }
  }
  return null;
}

/**
 * Of the limits that are used up, the one that refills last; while none says that it is, the first: longer would be
 * a guess.
 */
function latestReset(headers: Headers, prefix: string, now: Date): number | null {
  const usedUp: number[] = [];
  const others: number[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const limit = limitOf(name, prefix);
    if (limit === null) continue;
    const ms = durationMs(value) ?? secondsOrDate(value, now);
    if (ms === null) continue;
    (numberIn(headers[limit.remaining]) === 0 ? usedUp : others).push(ms);
  }
  if (usedUp.length > 0) return Math.max(...usedUp);
  return others.length > 0 ? Math.min(...others) : null;
}

/** The header with what remains of the limit, for `<prefix>tokens-reset` and `<prefix>reset-tokens` alike. */
function limitOf(name: string, prefix: string): { remaining: string } | null {
  if (!name.startsWith(prefix)) return null;
  const rest = name.slice(prefix.length);
  if (rest.startsWith('reset-')) return { remaining: `${prefix}remaining-${rest.slice('reset-'.length)}` };
  if (rest.endsWith('-reset')) return { remaining: `${prefix}${rest.slice(0, -'-reset'.length)}-remaining` };
  return null;
}

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;

/** `6m0s`, `12ms`, `17s`, `1h0m2.5s`. */
function durationMs(text: string): number | null {
  const match = DURATION.exec(text.trim());
  if (match === null || match[0] === '') return null;
  const [days, hours, minutes, seconds, ms] = match.slice(1).map((part) => Number(part ?? 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000 + (ms ?? 0);
}
