/** Runs one tick: checks every due provider once (batch.ts), then tidies the table. */

import { messageOf } from '../../base/error-text.ts';
import { collectYoung } from '../../base/garbage.ts';
import { HOUR_MS, MINUTE_MS } from '../../base/time.ts';
import type { MonitorNoticeKind } from '../../health/alerting/notice.ts';
import { endedStatus } from '../../health/ended-status.ts';
import { unknownStatus, withPolicy } from '../../health/next-status.ts';
import { isDue } from '../../health/plan.ts';
import {
  MOST_PER_SHARD,
  membership,
  ONLY_SHARD,
  SHARDS_THAT_READ_ALL,
  type Shard,
  shardName,
} from '../../health/shards.ts';
import { withoutFuture } from '../../health/without-future.ts';
import { checkGroups } from '../../store/check-groups.ts';
import type { Heartbeat } from '../../store/store.ts';
import { refusalOf, reportFuture } from '../ahead.ts';
import { type Batch, checkBatch } from '../batch/batch.ts';
import type { BatchResult } from '../batch/endings.ts';
import { kindAt } from '../batch/kind.ts';
import type { IsChecked } from '../catch-up.ts';
import type { CheckContext } from '../context.ts';
import type { Copies } from '../fleet/copies.ts';
import { type Fleet, type FleetPart, type Member, readFleet } from '../fleet/fleet.ts';
import { completeRegistration } from '../fleet/register.ts';
import { putSettings, removeOrphan } from '../fleet/remove.ts';
import { pendingChecks } from '../recorded.ts';
import { repairChecks } from '../repair.ts';
import { beatFor } from './beat.ts';
import { withDeadline } from './deadline.ts';
import { emptyReport, type TickReport } from './report.ts';

/** Time kept before the Lambda's deadline for the witnesses, the last writes and the heartbeat. */
const RESERVE_MS = 3000;
/** Lease of a tick without a deadline: after it, another process may take the tick over. */
const LEASE_MS = MINUTE_MS;
const MOST_LOGGED = 20;

export interface TickOptions {
  /**
   * Identifies who runs the tick. A retry of an invocation has the same owner, so its own earlier claim does not stop
   * it.
   */
  owner: string;
  /** When the process will be stopped. The tick ends 3 s earlier. Null: never. */
  deadlineAt: Date | null;
  /** Which part of the providers to check. Default: all of them. */
  shard?: Shard;
  /** How many providers this process can measure well. With more, the tick logs a warning. Default: 310. */
  mostProviders?: number;
  /** Whether statuses of providers that this checker does not know stay. Default: they are removed. */
  keepsOrphans?: boolean;
}

/**
 * Runs the tick of the scheduled time `tick`. The same tick may run twice, late, or while the next one runs.
 *
 * @throws {StoreError} When the table cannot be read; then nothing was probed.
 */
export async function runTick(context: CheckContext, tick: Date, options: TickOptions): Promise<TickReport> {
  const { store, clock, log } = context;
  const { owner, deadlineAt, shard = ONLY_SHARD, mostProviders = MOST_PER_SHARD, keepsOrphans = false } = options;
  const name = shardName(shard);
  const startedAt = clock.now();
  const time = tick.toISOString();
  const reason = refusalOf(tick, startedAt);
  if (reason !== null) {
    log.warn('tick refused', { tick: time, reason });
    return { ...emptyReport(time, 'refused'), reason };
  }
  const leaseMs = deadlineAt ? Math.max(0, deadlineAt.getTime() - startedAt.getTime()) : LEASE_MS;
  const claim = await store.ticks.claim({ shard: name, tick: time, owner, now: startedAt, leaseMs });
  if (claim === 'taken') return emptyReport(time, 'taken');
  if (claim === 'overridden') {
    log.warn('tick claim from the future overridden: a clock is or was wrong', {
      tick: time,
      now: startedAt.toISOString(),
    });
  }

  collectYoung();
  const [previous, touched] = await Promise.all([store.ticks.heartbeat(name), store.statuses.touched()]);
  const copies = context.copies.find(shard, { heartbeat: previous, touched }, tick);
  const part = partOf(shard, copies, tick);
  const found = await readFleet(store, context.declared, context.parseProvider, part);
  const fleet = keepsOrphans ? keepingOrphans(context, found) : found;
  warnOfSize(context, fleet, shard, mostProviders);
  const fromFuture = reportFuture(context, fleet.members, startedAt);
  // Group all members, due or not, so that the groups stay the same from tick to tick.
  const groups = checkGroups(fleet.members.map(({ config }) => config));
  const statuses = [...fleet.members.flatMap(({ status }) => status ?? []), ...fleet.orphans];
  await Promise.all([repairChecks(context, statuses, groups), context.transitions.find(statuses)]);
  const planned = (member: Member) => ({ ...member, status: member.status && withoutFuture(member.status, startedAt) });
  const knowsAll = part.readAll && !keepsOrphans;
  await context.catchUp.run(statuses, previous, ...(knowsAll ? [checkedIn(fleet, part)] : []));
  const batch: Batch = {
    members: fleet.members.filter((member) => isDue(member.config, planned(member).status, tick)),
    trigger: 'schedule',
    timestamp: time,
    kindOf: (member) => kindAt(planned(member), tick),
    groups,
  };
  const endsAt = deadlineAt && new Date(deadlineAt.getTime() - RESERVE_MS);
  const result = await withDeadline(clock, endsAt, context.stopping, (signal) => checkBatch(context, batch, signal));
  const tidied = await tidyStatuses(context, fleet, part, tick);

  const finishedAt = clock.now();
  const report = reportOf(time, batch.members.length, fleet, result);
  report.fromFuture = fromFuture;
  report.durationMs = finishedAt.getTime() - startedAt.getTime();
  const heartbeat = heartbeatOf(report, finishedAt, previous);
  const notice = monitorNoticeOf(previous, heartbeat);
  // Orphans are found only in a list of all statuses, so while there are some the next tick reads that list again.
  if (fleet.orphans.length === 0) {
    context.copies.keep(shard, { heartbeat, touched }, tick, copiesAfter(fleet, batch, result, tidied));
  }
  await store.ticks.finish(name, heartbeat, notice).catch((cause: unknown) => {
    log.error('heartbeat not written', { tick: time, error: messageOf(cause) });
  });
  await Promise.all([notice && context.onNotices([{ kind: notice, heartbeat }]), beatFor(shard, context)]);
  await withDeadline(clock, endsAt, context.stopping, async (signal) => {
    await keepHistory(context, fleet, name, signal);
    if (shard.index === 0 && !keepsOrphans && !signal.aborted) await endLostIncidents(context, fleet, finishedAt);
  });
  return report;
}

/**
 * Whether an open problem of a provider may go on. True for providers of other shards, for unreadable ones, which are shown
 * as faults, and for those whose status ends the problem in this tick.
 */
function checkedIn({ members, problems, orphans }: Fleet, { isOurs }: FleetPart): IsChecked {
  const enabled = members.filter(({ config }) => config.enabled).map(({ config }) => config.id);
  const disabled = members.flatMap(({ config, status }) => (config.enabled || status === null ? [] : [status]));
  const ending = [...disabled, ...orphans].filter((status) => endedStatus(status) !== null);
  const ids = new Set([...enabled, ...[...problems, ...ending].map(({ provider }) => provider)]);
  return (provider) => !isOurs(provider) || ids.has(provider);
}

/** With many shards, each reads only its own statuses. Each hour, one of them reads all statuses, to find orphans. */
function partOf(shard: Shard, copies: Copies | null, tick: Date): FleetPart {
  const isTurn = Math.floor(tick.getTime() / HOUR_MS) % shard.count === shard.index;
  const readAll = copies === null && (shard.count <= SHARDS_THAT_READ_ALL || isTurn);
  return { isOurs: membership(shard), copies, readAll };
}

/** The statuses that are known to be in the table now: those just written, and those that this tick did not change. */
function copiesAfter(
  { members }: Fleet,
  batch: Batch,
  { statuses: written }: BatchResult,
  tidied: ReadonlySet<string>,
): Copies {
  const probed = new Set(batch.members.map(({ config }) => config.id));
  const untouched = members.filter(({ config: { id } }) => !probed.has(id) && !tidied.has(id));
  return new Map([...untouched.flatMap(({ status }) => status ?? []), ...written].map((one) => [one.provider, one]));
}

function keepingOrphans({ log }: CheckContext, fleet: Fleet): Fleet {
  const providers = fleet.orphans.map(({ provider }) => provider);
  if (providers.length > 0) {
    const reason = 'Which providers are in force is not known here, so none of them counts as removed.';
    log.warn('statuses kept', { count: providers.length, providers: providers.slice(0, MOST_LOGGED), reason });
  }
  return { ...fleet, orphans: [] };
}

/**
 * Warns about a shard with too many providers. Registered ones come while the monitor runs; the stack counts only the
 * declared ones.
 */
function warnOfSize({ log }: CheckContext, { members }: Fleet, shard: Shard, most: number): void {
  if (members.length <= most) return;
  const means = most < MOST_PER_SHARD ? 'more memory (memorySize.check)' : 'more shards';
  const advice = `Deploy with ${means}: this one has more than the ${most} providers that it can measure well.`;
  log.warn('shard too full', { shard: shard.index, shards: shard.count, providers: members.length, advice });
}

/**
 * Runs last, since history can wait for the next tick. It waits for a provider with unwritten checks, since an hour is
 * made only once.
 */
async function keepHistory(
  { history, clock, log, recorded }: CheckContext,
  fleet: Fleet,
  shard: string,
  signal: AbortSignal,
): Promise<void> {
  const complete = fleet.members.filter(({ status }) => pendingChecks(status, recorded).length === 0);
  const providers = complete.map(({ config }) => config);
  const { keeper, fleetDays } = history.ofShard(shard);
  const { failed } = await keeper.keep(providers, clock.now(), signal);
  if (failed.length > 0) log.warn('history not kept', { failed });
  const ids = fleet.members.map(({ config }) => config.id);
  const error = await fleetDays.keep(shard, ids, clock.now(), signal);
  if (error !== null) log.warn('days of the fleet not kept', { shard, error });
}

/** Ends incidents that earlier releases left open when a provider was removed. Never rejects: it can wait for the next tick. */
async function endLostIncidents({ history, log }: CheckContext, { exists }: Fleet, now: Date): Promise<void> {
  try {
    const ends = await history.lostEnds.end(exists, now);
    if (ends.length > 0) log.info('incidents of removed providers ended', { transitions: ends.map(({ id }) => id) });
  } catch (cause) {
    log.warn('incidents of removed providers not ended', { error: messageOf(cause) });
  }
}

/**
 * Tidies the statuses: updates the settings in those that no check updates, completes interrupted registrations, and
 * removes orphans. Problems of disabled providers and of orphans end.
 *
 * @returns Ids of providers with a status that it may have changed.
 */
async function tidyStatuses(
  context: CheckContext,
  fleet: Fleet,
  { isOurs }: FleetPart,
  tick: Date,
): Promise<Set<string>> {
  const { store, log, recorded } = context;
  const changed = new Set<string>();
  const changes = fleet.members.map(async ({ config, declared, status }) => {
    if (!declared && status === null) {
      changed.add(config.id);
      return completeRegistration({ store }, config, tick);
    }
    if (isDue(config, status, tick)) return;
    const next = status ? withPolicy(status, config) : unknownStatus(config, tick);
    if (next === null) return;
    changed.add(config.id);
    await putSettings(context, status, next);
  });
  const known = new Set([
    ...fleet.members.map(({ config }) => config.id),
    ...fleet.orphans.map(({ provider }) => provider),
  ]);
  // This process may check other shards too.
  recorded.keepOnly((provider) => known.has(provider) || !isOurs(provider));
  // An orphan that carries checks is removed after they are written.
  const complete = fleet.orphans.filter((status) => pendingChecks(status, recorded).length === 0);
  const removals = complete.map((status) => removeOrphan(context, status));
  for (const result of await Promise.allSettled([...changes, ...removals])) {
    if (result.status === 'rejected') log.warn('status not updated', { error: messageOf(result.reason) });
  }
  return changed;
}

function reportOf(tick: string, probed: number, fleet: Fleet, result: BatchResult): TickReport {
  const stored = result.stored.map((check) => check.provider);
  const failed = [...fleet.problems, ...result.failed];
  return {
    ...emptyReport(tick, 'done'),
    due: probed + fleet.problems.length,
    stored,
    failed,
    skipped: result.skipped,
    transitions: result.transitions,
    monitorFault: result.monitorFault,
    unhealthy: result.stored.filter((check) => !check.isHealthy).length,
    uncertain: result.stored.filter((check) => check.uncertain).length,
  };
}

function heartbeatOf(report: TickReport, finishedAt: Date, previous: Heartbeat | null): Heartbeat {
  const faultSince = faultSinceOf(report, previous);
  return {
    tick: report.tick,
    finishedAt: finishedAt.toISOString(),
    due: report.due,
    stored: report.stored.length,
    failed: report.failed.length,
    skipped: report.skipped.length,
    monitorFault: report.monitorFault,
    ...(faultSince !== undefined && { faultSince }),
  };
}

/** Only a stored result shows that the network works again. A tick with nothing due shows nothing. */
function faultSinceOf(report: TickReport, previous: Heartbeat | null): string | undefined {
  if (report.monitorFault) return previous?.faultSince ?? report.tick;
  return report.stored.length > 0 ? undefined : previous?.faultSince;
}

function monitorNoticeOf(previous: Heartbeat | null, heartbeat: Heartbeat): MonitorNoticeKind | null {
  if (heartbeat.monitorFault) return 'monitor_fault';
  return previous?.faultSince !== undefined && heartbeat.faultSince === undefined ? 'monitor_recovered' : null;
}
