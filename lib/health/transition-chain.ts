/**
 * The chain of a provider's recorded transitions: each begins in the state that the one before it led to, at the time
 * that its `lastedMs` names. A lost transition shows as a break, and most of it follows from its neighbours.
 */

import type { Transition } from './transition.ts';

/** When the state began that this transition ended, ISO 8601 UTC: the time of the transition before it. */
export function stateBeganAt({ at, lastedMs }: Transition): string {
  return new Date(Date.parse(at) - lastedMs).toISOString();
}

/**
 * The lost transition between `previous` and `next`, neighbours in the record; null when there is none, or it is not certain. Of several
 * that were lost in a row it is one that joins both ends, so that states alternate and incidents begin and end; of an even
 * number, both ends fit already, and nothing shows. Why the check failed is lost with it.
 *
 * @param previous The newest recorded one before the state that `next` ended; null when there is none.
 */
export function lostBetween(previous: Transition | null, next: Transition): Transition | null {
  const from = previous?.to ?? 'unknown';
  const at = stateBeganAt(next);
  if (next.from === from || (previous !== null && previous.at >= at)) return null;
  return {
    id: `${at}#${next.provider}`,
    provider: next.provider,
    from,
    to: next.from,
    at,
    category: null,
    fault: null,
    errorMessage: null,
    lastedMs: previous === null ? 0 : Date.parse(at) - Date.parse(previous.at),
  };
}
