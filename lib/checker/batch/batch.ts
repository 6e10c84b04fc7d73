/**
 * Checks some providers in parallel. Each result is stored when it arrives, so one provider that hangs delays no other.
 * A failure that the monitor's own network could have caused is held until the whole batch shows whether that network
 * works. The caller, a tick or a manual check, decides which providers are checked and when.
 */

import { messageOf } from '../../base/error-text.ts';
import { mayBeMonitorFault } from '../../health/category.ts';
import type { HealthCheck, Trigger } from '../../health/check.ts';
import type { ProbeKind } from '../../health/provider.ts';
import { isMonitorFault } from '../../probe/monitor-fault.ts';
import type { ProbeResult, ProbeTarget } from '../../probe/prober.ts';
import type { CheckGroups } from '../../store/check-groups.ts';
import type { CheckContext } from '../context.ts';
import type { Member } from '../fleet/fleet.ts';
import { type BatchResult, type Ending, failedWith, resultOf, skippedFor } from './endings.ts';
import { measure } from './measure.ts';
import { createRecorder, type Recorder } from './record.ts';

export interface Batch {
  members: readonly Member[];
  trigger: Trigger;
  /** ISO 8601 UTC: the timestamp of every check of the batch. */
  timestamp: string;
  /** Null when the provider may not be sent any request now. */
  kindOf: (member: Member) => ProbeKind | null;
  /** How the checks are packed. Absent: each check is an item. */
  groups?: CheckGroups;
}

/** A failure that the monitor's own network could have caused. It is not stored before the whole batch is judged. */
interface Held {
  kind: 'held';
  member: Member;
  check: HealthCheck;
}

export async function checkBatch(context: CheckContext, batch: Batch, signal: AbortSignal): Promise<BatchResult> {
  const recorder = createRecorder(context, batch.groups);
  const orders = batch.members.map((member) => ({ member, kind: batch.kindOf(member) }));
  const targets = orders.flatMap(({ member, kind }) => (kind === null ? [] : [targetOf(member, kind)]));
  const probes = context.prober.probeAll(targets, signal).map((probe, index) => ({ probe, target: targets[index] }));

  const settled = await Promise.all(
    orders.map(({ member, kind }) => {
      if (kind === null) return skippedFor(member, 'token_limit');
      const next = probes.shift();
      if (!next?.target) throw new Error(`prober: expected a result for each of ${targets.length} targets, got fewer`);
      return settle({ context, batch, recorder, signal }, member, next.target, next.probe);
    }),
  );

  const checks = settled.flatMap(({ check }) => check ?? []);
  const monitorFault = await isMonitorFault(checks, context);
  const endings = await Promise.all(
    settled.map((ending) => {
      if (ending.kind !== 'held') return ending;
      if (monitorFault) return skippedFor(ending.member, 'monitor_fault', ending.check);
      return record(context, recorder, ending.member, ending.check);
    }),
  );
  return resultOf(endings, await recorder.flush(), monitorFault);
}

interface Parts {
  context: CheckContext;
  batch: Batch;
  recorder: Recorder;
  signal: AbortSignal;
}

/**
 * Waits for one provider's probe, and stores the check unless it must be held. Never rejects, so one provider's failure
 * does not affect the others.
 */
async function settle(
  { context, batch, recorder, signal }: Parts,
  member: Member,
  target: ProbeTarget,
  probe: Promise<ProbeResult>,
): Promise<Ending | Held> {
  const { prober, clock } = context;
  const order = { target, status: member.status, trigger: batch.trigger, timestamp: batch.timestamp };
  try {
    const check = await measure({ prober, clock, signal }, order, probe);
    if (check === null) return skippedFor(member, 'deadline');
    if (!check.isHealthy && check.monitorFault) {
      return skippedFor(member, 'monitor_fault', check, check.errorMessage);
    }
    if (!check.isHealthy && mayBeMonitorFault(check.category)) return { kind: 'held', member, check };
    return await record(context, recorder, member, check);
  } catch (cause) {
    return failedWith(member, messageOf(cause), null);
  }
}

/** Stores one check and passes its notice on. Never rejects. */
async function record(context: CheckContext, recorder: Recorder, member: Member, check: HealthCheck): Promise<Ending> {
  try {
    const outcome = await recorder.record(member, check);
    if (outcome.outcome !== 'applied') return skippedFor(member, outcome.outcome, check);
    // Now, not after the slowest probe: a process that dies in between must have announced what it stored.
    if (outcome.notice) await context.onNotices([{ kind: outcome.notice, status: outcome.status }]);
    const { check: applied, status, transition } = outcome;
    return { kind: 'applied', member, check: applied, status, transition };
  } catch (cause) {
    return failedWith(member, messageOf(cause), check);
  }
}

function targetOf({ config, status }: Member, kind: ProbeKind): ProbeTarget {
  return { config, kind, expectedMs: status?.medianResponseMs ?? null };
}
