/** When the limits of an account refill, by the headers that providers send with every answer. */

import { clamped, type HeaderReader, numberIn, waitMs } from './retry-after.ts';

/**
 * The wait until the limits refill, by an answer's headers. Providers send these with every answer, so they are a hint only
 * in one that refuses for too many requests.
 *
 * @param names Of all headers, in lower case.
 */
export function limitResetMs(header: HeaderReader, names: readonly string[], now: Date): number | null {
  return (
    clamped(latestReset(header, names, 'anthropic-ratelimit-', now)) ??
    clamped(latestReset(header, names, 'x-ratelimit-', now))
  );
}

/**
 * Of the limits that are used up, the one that refills last; while none says that it is, the first: longer would be
 * a guess.
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

/** The header with what remains of the limit, for `<prefix>tokens-reset` and `<prefix>reset-tokens` alike. */
function limitOf(name: string, prefix: string): { remaining: string } | null {
  if (!name.startsWith(prefix)) return null;
  const rest = name.slice(prefix.length);
  if (rest === 'reset') return { remaining: `${prefix}remaining` };
  if (rest.startsWith('reset-')) return { remaining: `${prefix}remaining-${rest.slice('reset-'.length)}` };
  if (rest.endsWith('-reset')) return { remaining: `${prefix}${rest.slice(0, -'-reset'.length)}-remaining` };
  return null;
}
