/**
 * Checks of providers that real traffic fails at, sooner than the schedule would. What is believed of them follows from
 * these checks alone: a report by itself makes no provider unhealthy.
 */

import type { HealthCheck } from '../../health/check.ts';
import { isWorking } from '../../health/state.ts';
import { StoreError } from '../../store/store.ts';
import type { CheckContext } from '../context.ts';
import { type Member, readMember } from '../fleet/fleet.ts';
import { MANUAL_LIMIT } from './limits.ts';
import { checkNow } from './manual.ts';

/**
 * Counted with the manual checks, but only up to half of their limit an hour, so that reports cannot keep people from
 * checking.
 */
const LIMIT = { ...MANUAL_LIMIT, perHour: MANUAL_LIMIT.perHour / 2 };

/**
 * Checks those of the providers that are believed to work, or not known yet. One that is down is left to the schedule,
 * which sees its recovery: one more failure says nothing new. Unknown ids are passed over.
 */
export async function checkReported(context: CheckContext, providers: readonly string[]): Promise<HealthCheck[]> {
  const members = await Promise.all([...new Set(providers)].map((provider) => readReported(context, provider)));
  const granted: Member[] = [];
  for (const member of members) {
    if (member === null) continue;
    const { config, status } = member;
    if (!config.enabled) continue;
    if (status !== null && status.state !== 'unknown' && !isWorking(status.state)) continue;
    const claim = await context.store.manualChecks.claim(config.id, context.clock.now(), LIMIT);
    if (claim.granted) granted.push(member);
  }
  return granted.length === 0 ? [] : checkNow(context, granted);
}

/** One that cannot be read does not keep the others from being checked. */
async function readReported(context: CheckContext, provider: string): Promise<Member | null> {
  try {
    return await readMember(context, provider);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'unreadable') throw error;
    context.log.error('reported provider not checked', { provider, error: error.message });
    return null;
  }
}
