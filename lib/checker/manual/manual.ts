/**
 * Manual checks: limited across processes, and judged like any other check. Not here: who may ask for them (lib/api).
 */

import type { HealthCheck } from '../../health/check.ts';
import { withoutFuture } from '../../health/without-future.ts';
import { reportFuture } from '../ahead.ts';
import { type Batch, checkBatch } from '../batch/batch.ts';
import type { BatchResult } from '../batch/endings.ts';
import { kindAt } from '../batch/kind.ts';
import type { CheckContext } from '../context.ts';
import { CheckerError, TooManyChecksError, unknownProvider } from '../errors.ts';
import { type Member, readFleet, readMember } from '../fleet/fleet.ts';
import { touchStatuses } from '../fleet/touch.ts';
import { repairChecks } from '../repair.ts';
import { withDeadline } from '../tick/deadline.ts';
import { MANUAL_LIMIT } from './limits.ts';

const EVERY_PROVIDER = '*';

/**
 * Why a check did not change its provider's status. `outdated`: a newer check was stored before. `removed`: the
 * provider was deleted meanwhile. `monitor_fault`: the monitor's own network failed. `not_stored`: the write failed.
 */
export const NOT_COUNTED = ['outdated', 'removed', 'monitor_fault', 'not_stored'] as const;

type NotCounted = (typeof NOT_COUNTED)[number];

/** The result of a manual check. */
export type ManualCheck = HealthCheck & {
  /** Absent: the check counted, and the status shows it. */
  notCounted?: NotCounted;
};

/**
 * Checks one provider now.
 *
 * @throws {CheckerError} `unknown_provider`; `too_many_checks` (a {@link TooManyChecksError}); `unfinished` when the
 * check was aborted by its deadline or because the checker stops.
 * @throws {StoreError}
 */
export async function checkOne(context: CheckContext, provider: string): Promise<ManualCheck> {
  const member = await readMember(context, provider);
  if (!member) throw unknownProvider(provider);
  await claim(context, provider, 1, member.status?.lastCheck ?? null);
  const [check] = await checkNow(context, [member]);
  if (check) return check;
  throw new CheckerError(
    'unfinished',
    `check of ${provider}: expected a result${withinText(context)}, got none. Its status is unchanged; try again.`,
  );
}

/**
 * Checks every enabled provider now. Providers without a result at the deadline are left out. Where manual checks are
 * limited, each provider counts as one check, and a fleet of more than 60 uses up the hour's limit.
 *
 * @throws {TooManyChecksError}
 * @throws {StoreError}
 */
export async function checkAll(context: CheckContext): Promise<ManualCheck[]> {
  const { store, clock, manualLimits } = context;
  // Ask before reading the fleet: a refusal then costs the read of one item, not of all.
  const outlook = manualLimits && (await store.manualChecks.peek(EVERY_PROVIDER, clock.now(), manualLimits));
  if (outlook?.granted === false) throw tooManyChecks(outlook.retryAfterSeconds, null);
  const { members } = await readFleet(store, context.declared, context.parseProvider);
  const enabled = members.filter(({ config }) => config.enabled);
  await claim(context, EVERY_PROVIDER, enabled.length, null);
  return checkNow(context, enabled);
}

function withinText({ manualLimits }: CheckContext): string {
  return manualLimits ? ` within ${manualLimits.deadlineMs / 1000} s` : ' before the checker stopped';
}

async function claim(
  { store, clock, manualLimits }: CheckContext,
  key: string,
  checks: number,
  lastCheck: HealthCheck | null,
): Promise<void> {
  if (manualLimits === null) return;
  const claimed = await store.manualChecks.claim(key, clock.now(), manualLimits, checks);
  if (!claimed.granted) throw tooManyChecks(claimed.retryAfterSeconds, lastCheck);
}

function tooManyChecks(retryAfterSeconds: number, lastCheck: HealthCheck | null): TooManyChecksError {
  const { perProviderSeconds, perHour } = MANUAL_LIMIT;
  return new TooManyChecksError(
    `manual checks: at most one in ${perProviderSeconds} s of a provider and ${perHour} an hour in all, got more (a check ` +
      `of all counts as one of each). Try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
    lastCheck,
  );
}

/**
 * Checks some providers now. A failure of the monitor's own network changes no status here either; the caller gets the
 * failed checks.
 */
export async function checkNow(context: CheckContext, members: readonly Member[]): Promise<ManualCheck[]> {
  const now = context.clock.now();
  reportFuture(context, members, now);
  const statuses = members.flatMap(({ status }) => status ?? []);
  await Promise.all([repairChecks(context, statuses), context.catchUp.run(statuses, null)]);
  const batch: Batch = {
    members,
    trigger: 'manual',
    timestamp: now.toISOString(),
    // A manual check sends a completion, unless the daily limit on tokens is used up.
    kindOf: ({ config, status, ...member }) =>
      kindAt(
        {
          ...member,
          status: status && withoutFuture(status, now),
          config: { ...config, completionEverySeconds: null },
        },
        now,
      ),
  };
  const { manualLimits } = context;
  const endsAt = manualLimits && new Date(now.getTime() + manualLimits.deadlineMs);
  const result = await withDeadline(context.clock, endsAt, context.stopping, (signal) =>
    checkBatch(context, batch, signal),
  );
  if (result.applied.length > 0) await touchStatuses(context);
  // Return the result anyway; log the failed write for the operator.
  if (result.failed.length > 0) context.log.error('manual checks not stored', { failed: result.failed });
  const byId = new Map(result.checks.map((check) => [check.provider, { ...check, ...notCountedIn(result, check) }]));
  return members.flatMap(({ config }) => byId.get(config.id) ?? []);
}

function notCountedIn({ applied, skipped }: BatchResult, check: HealthCheck): Pick<ManualCheck, 'notCounted'> {
  if (applied.includes(check)) return {};
  const reason = skipped.find(({ provider }) => provider === check.provider)?.reason;
  switch (reason) {
    case 'outdated':
    case 'removed':
    case 'monitor_fault':
      return { notCounted: reason };
    default:
      return { notCounted: 'not_stored' };
  }
}
