/** At which minute the keeper makes a provider's last hour. It depends on the id, to spread the work of a large fleet. */

import { fnv1a } from '../base/hash.ts';
import { MINUTE_MS } from '../base/time.ts';

/** Five minutes after the hour all its checks are written, also late and slow ones and those that the next tick repairs. */
const FIRST_MS = 5 * MINUTE_MS;
const SPREAD_MS = 20 * MINUTE_MS;

/** Milliseconds after the full hour: 5 to 25 minutes, always the same for one id. */
export function slotOf(provider: string): number {
  return FIRST_MS + (fnv1a(provider) % SPREAD_MS);
}
