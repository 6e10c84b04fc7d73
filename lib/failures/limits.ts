/** Reads from headers when the limits of an account refill. */

import { clamped, type HeaderReader, numberIn, waitMs } from './retry-after.ts';

/**
 * Milliseconds until the limits refill. Providers send these headers with every answer, so use them only for an answer that refuses
 * too many requests.
 *
 * @param names The names of all headers, in lower case.
 */
export function limitResetMs(header: HeaderReader, names: readonly string[], now: Date): number | null {
  return (
    clamped(latestReset(header, names, 'anthropic-ratelimit-', now)) ??
    clamped(latestReset(header, names, 'x-ratelimit-', now))
  );
}

/**
 * If some limits are used up, the time until the last of them refills. If no header says so, the time until the first limit refills,
 * because a longer wait would be a guess.
 */
function latestReset(header: HeaderReader, names: readonly string[], prefix: string, now: Date): number | null {
  const usedUp: number[] = [];
  const others: number[] = [];
  for (const name of names) {
    const limit = limitOf(name, prefix);
    if (limit === null) continue;
    const ms = waitMs(header(name), now);
    if (ms === null) continue;
    (numberIn(header(limit.remaining)) === 0 ? usedUp : others).push(ms);
  }
  if (usedUp.length > 0) return Math.max(...usedUp);
  return others.length > 0 ? Math.min(...others) : null;
}

/** The header with the rest of a limit, for both forms: `<prefix>tokens-reset` and `<prefix>reset-tokens`. */
function limitOf(name: string, prefix: string): { remaining: string } | null {
  if (!name.startsWith(prefix)) return null;
  const rest = name.slice(prefix.length);
  if (rest === 'reset') return { remaining: `${prefix}remaining` };
  if (rest.startsWith('reset-')) return { remaining: `${prefix}remaining-${rest.slice('reset-'.length)}` };
  if (rest.endsWith('-reset')) return { remaining: `${prefix}${rest.slice(0, -'-reset'.length)}-remaining` };
  return null;
}
