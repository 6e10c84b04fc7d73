/**
 * Checks of providers that real traffic fails at, sooner than the schedule would. What is believed of them follows from
 * these checks alone: a report by itself makes nobody unhealthy.
 */

import type { HealthCheck } from '../../health/check.ts';
import { isWorking } from '../../health/state.ts';
import type { CheckContext } from '../context.ts';
import { type Member, readFleet } from '../fleet/fleet.ts';
import { MANUAL_LIMIT } from './limits.ts';
import { checkNow } from './manual.ts';

/**
 * Taken from what manual checks are counted in, but only up to half of their hour: however much is reported, people can
 * still check.
 */
const LIMIT = { ...MANUAL_LIMIT, perHour: MANUAL_LIMIT.perHour / 2 };

/**
 * Checks those of the providers that are believed to work, or not known yet. One that is down is left to the schedule,
 * which sees its recovery: a failure more says nothing new. Ids that nobody has are passed over.
 */
export async function checkReported(context: CheckContext, providers: readonly string[]): Promise<HealthCheck[]> {
  const { members } = await readFleet(context.store, context.declared, context.parseProvider);
  const granted: Member[] = [];
  for (const member of members) {
    const { config, status } = member;
    if (!providers.includes(config.id) || !config.enabled) continue;
    if (status !== null && status.state !== 'unknown' && !isWorking(status.state)) continue;
    const claim = await context.store.manualChecks.claim(config.id, context.clock.now(), LIMIT);
    if (claim.granted) granted.push(member);
  }
  return granted.length === 0 ? [] : checkNow(context, granted);
}
