/** When in the hour a provider's last hour is made: spread by its id, so that the work of a large fleet is even. */

import { fnv1a } from '../base/hash.ts';
import { MINUTE_MS } from '../base/time.ts';

/** Checks of an hour are all written by then: late ones, slow ones, and those that the next tick repairs. */
const FIRST_MS = 5 * MINUTE_MS;
const SPREAD_MS = 20 * MINUTE_MS;

/** Milliseconds after the full hour, from 5 minutes to 25. The same for an id always. */
export function slotOf(provider: string): number {
  return FIRST_MS + (fnv1a(provider) % SPREAD_MS);
}
