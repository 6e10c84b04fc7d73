/**
 * Writes the check items that a failed write or a crash left out. Runs before the probes, since the next status would
 * have to carry these checks too. Writing an item again changes nothing.
 */

import { inTime } from '../base/clock.ts';
import { messageOf } from '../base/error-text.ts';
import type { HealthCheck } from '../health/check.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { CheckGroups } from '../store/check-groups.ts';
import type { CheckContext } from './context.ts';
import { pendingChecks } from './recorded.ts';

/**
 * The longest time that a table without an answer may delay the probes. Statuses go on carrying checks that are not
 * confirmed by then.
 */
const PATIENCE_MS = 2000;

type RepairContext = Pick<CheckContext, 'store' | 'clock' | 'log' | 'recorded'>;

/** Never rejects. */
export async function repairChecks(
  context: RepairContext,
  statuses: readonly (ProviderStatus | null)[],
  groups?: CheckGroups,
): Promise<void> {
  const { clock, log, recorded } = context;
  const pending = statuses.flatMap((status) => pendingChecks(status, recorded));
  if (pending.length === 0) return;
  const put = await inTime(putChecks(context, pending, groups), PATIENCE_MS, clock);
  const { unstored, error } = put ?? { unstored: pending, error: 'no answer in time' };
  if (unstored.length === 0) return;
  log.warn('items of earlier checks not written yet', {
    providers: [...new Set(unstored.map(({ provider }) => provider))],
    error: error ?? 'the table had no capacity',
  });
}

/** Writes check items and remembers which ones the table confirmed. Never rejects. */
export async function putChecks(
  { store, recorded }: Pick<CheckContext, 'store' | 'recorded'>,
  checks: readonly HealthCheck[],
  groups?: CheckGroups,
): Promise<{ unstored: readonly HealthCheck[]; error?: string }> {
  try {
    const { unstored, error } = await store.checks.put(checks, groups);
    const lost = new Set(unstored.map(keyOf));
    for (const check of checks) if (!lost.has(keyOf(check))) recorded.add(check);
    return { unstored, ...(error && { error: error.message }) };
  } catch (cause) {
    return { unstored: checks, error: messageOf(cause) };
  }
}

function keyOf({ provider, timestamp }: HealthCheck): string {
  return `${provider} ${timestamp}`;
}
