/**
 * Checks the providers that routers report, sooner than the schedule would. Only these checks change a status: a report
 * alone makes no provider unhealthy.
 */

import type { HealthCheck } from '../../health/check.ts';
import { isWorking } from '../../health/state.ts';
import { StoreError } from '../../store/store.ts';
import type { CheckContext } from '../context.ts';
import { type Member, readMember } from '../fleet/fleet.ts';
import { MANUAL_LIMIT } from './limits.ts';
import { checkNow } from './manual.ts';

/**
 * These checks count as manual checks, but may use only half of the hour's limit, so that reports cannot keep people
 * from checking.
 */
const LIMIT = { ...MANUAL_LIMIT, perHour: MANUAL_LIMIT.perHour / 2 };

/**
 * Checks the reported providers that work or are `unknown`. A provider that is down is left to the schedule: one more
 * failure says nothing new. Ids without a provider are ignored.
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

/** Null when the provider is unknown or unreadable, so that the others are still checked. */
async function readReported(context: CheckContext, provider: string): Promise<Member | null> {
  try {
    return await readMember(context, provider);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'unreadable') throw error;
    context.log.error('reported provider not checked', { provider, error: error.message });
    return null;
  }
}
