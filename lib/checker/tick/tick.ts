/** One tick: every due provider once, and the table put in order behind it. How they are checked is batch.ts's. */

import { messageOf } from '../../base/error-text.ts';
import type { MonitorNoticeKind } from '../../health/alerting/notice.ts';
import { unknownStatus, withPolicy } from '../../health/next-status.ts';
import { isDue } from '../../health/plan.ts';
import { withoutFuture } from '../../health/without-future.ts';
import type { Heartbeat } from '../../store/store.ts';
import { refusalOf, reportFuture } from '../ahead.ts';
import { type Batch, checkBatch } from '../batch/batch.ts';
import type { BatchResult } from '../batch/endings.ts';
import { kindAt } from '../batch/kind.ts';
import type { CheckContext } from '../context.ts';
import { type Fleet, type Member, readFleet } from '../fleet/fleet.ts';
import { completeRegistration } from '../fleet/register.ts';
import { pendingChecks } from '../recorded.ts';
import { repairChecks } from '../repair.ts';
import { withDeadline } from './deadline.ts';
import { emptyReport, type TickReport } from './report.ts';
import { SHARD } from './shards.ts';

/** Kept before the Lambda's deadline for the witnesses, the last writes and the heartbeat. */
const RESERVE_MS = 3000;
/** Longest life of a tick whose caller sets no deadline: past it, another may take the tick over. */
const LEASE_MS = 60_000;

export interface TickOptions {
  /** Who runs it: the same for a retry of one invocation, so that its own earlier claim does not stop it. */
  owner: string;
  /** When the process will be stopped; the tick ends 3 s before. Null: no such time. */
  deadlineAt: Date | null;
}

/**
 * Runs the tick of time `tick`. Run twice, late or overlapping the next one, it changes nothing that it should not.
 *
 * @throws {StoreError} When the table cannot be read; then nothing was probed.
 */
export async function runTick(context: CheckContext, tick: Date, options: TickOptions): Promise<TickReport> {
  const { store, clock, log } = context;
  const { owner, deadlineAt } = options;
  const startedAt = clock.now();
  const time = tick.toISOString();
  const reason = refusalOf(tick, startedAt);
  if (reason !== null) {
    log.warn('tick refused', { tick: time, reason });
    return { ...emptyReport(time, 'refused'), reason };
  }
  const leaseMs = deadlineAt ? Math.max(0, deadlineAt.getTime() - startedAt.getTime()) : LEASE_MS;
  const claim = await store.ticks.claim({ shard: SHARD, tick: time, owner, now: startedAt, leaseMs });
  if (claim === 'taken') return emptyReport(time, 'taken');
  if (claim === 'overridden') {
    log.warn('tick claim from the future overridden: a clock is or was wrong', {
      tick: time,
      now: startedAt.toISOString(),
    });
  }

  const previous = await store.ticks.heartbeat(SHARD);
  const fleet = await readFleet(store, context.declared, context.parseProvider);
  const fromFuture = reportFuture(context, fleet.members, startedAt);
  await repairChecks(context, [...fleet.members, ...fleet.orphans.map((status) => ({ status }))]);
  const planned = (member: Member) => ({ ...member, status: member.status && withoutFuture(member.status, startedAt) });
  await context.catchUp.run(fleet, previous);
  const batch: Batch = {
    members: fleet.members.filter((member) => isDue(member.config, planned(member).status, tick)),
    trigger: 'schedule',
    timestamp: time,
    kindOf: (member) => kindAt(planned(member), tick),
  };
  const endsAt = deadlineAt && new Date(deadlineAt.getTime() - RESERVE_MS);
  const result = await withDeadline(clock, endsAt, context.stopping, (signal) => checkBatch(context, batch, signal));
  await tidyStatuses(context, fleet, tick);

  const finishedAt = clock.now();
  const report = reportOf(time, batch.members.length, fleet, result);
  report.fromFuture = fromFuture;
  report.durationMs = finishedAt.getTime() - startedAt.getTime();
  const heartbeat = heartbeatOf(report, finishedAt, previous);
  const notice = monitorNoticeOf(previous, heartbeat);
  await store.ticks.finish(SHARD, heartbeat, notice).catch((cause: unknown) => {
    log.error('heartbeat not written', { tick: time, error: messageOf(cause) });
  });
  await Promise.all([notice && context.onNotices([{ kind: notice, heartbeat }]), context.beat()]);
  await withDeadline(clock, endsAt, context.stopping, (signal) => keepHistory(context, fleet, signal));
  return report;
}

/**
 * Last, when everything else is done: history can wait for the next tick. So it does of a provider with checks that are
 * not written yet, since an hour is made once.
 */
async function keepHistory(
  { history, clock, log, recorded }: CheckContext,
  fleet: Fleet,
  signal: AbortSignal,
): Promise<void> {
  const complete = fleet.members.filter(({ status }) => pendingChecks(status, recorded).length === 0);
  const providers = complete.map(({ config }) => config);
  const { failed } = await history.keep(providers, clock.now(), signal);
  if (failed.length > 0) log.warn('history not kept', { failed });
}

/**
 * Brings the settings in the statuses up to date where no check does it, makes those that a registration was to make, and
 * removes those that lost their provider.
 */
async function tidyStatuses({ store, log, recorded }: CheckContext, fleet: Fleet, tick: Date): Promise<void> {
  const changes = fleet.members.map(async ({ config, declared, status }) => {
    if (!declared && status === null) return completeRegistration({ store }, config, tick);
    if (isDue(config, status, tick)) return;
    const next = status ? withPolicy(status, config) : unknownStatus(config, tick);
    if (next) await store.statuses.put(next, status?.version ?? null, null);
  });
  recorded.keepOnly(
    new Set([...fleet.members.map(({ config }) => config.id), ...fleet.orphans.map(({ provider }) => provider)]),
  );
  // One that carries checks goes when they are written.
  const complete = fleet.orphans.filter((status) => pendingChecks(status, recorded).length === 0);
  const removals = complete.map((status) => store.statuses.delete(status.provider, status.version));
  for (const result of await Promise.allSettled([...changes, ...removals])) {
    if (result.status === 'rejected') log.warn('status not brought up to date', { error: messageOf(result.reason) });
  }
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

/** Only a result that was believed shows that the network works again: a tick with nothing due shows nothing. */
function faultSinceOf(report: TickReport, previous: Heartbeat | null): string | undefined {
  if (report.monitorFault) return previous?.faultSince ?? report.tick;
  return report.stored.length > 0 ? undefined : previous?.faultSince;
}

function monitorNoticeOf(previous: Heartbeat | null, heartbeat: Heartbeat): MonitorNoticeKind | null {
  if (heartbeat.monitorFault) return 'monitor_fault';
  return previous?.faultSince !== undefined && heartbeat.faultSince === undefined ? 'monitor_recovered' : null;
}
