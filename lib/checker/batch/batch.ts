/**
 * Checks some providers in parallel, each result stored as it settles, so that one that hangs delays no other. Failures
 * that the monitor's own network could have caused wait for the verdict on it. Which providers, and when, is the
 * caller's: a tick or a person.
 */

import { messageOf } from '../../base/error-text.ts';
import { mayBeMonitorFault } from '../../health/category.ts';
import type { HealthCheck, Trigger } from '../../health/check.ts';
import type { ProbeKind } from '../../health/provider.ts';
import type { Transition } from '../../health/transition.ts';
import type { ProbeResult, ProbeTarget } from '../../probe/prober.ts';
import type { CheckContext } from '../context.ts';
import type { Member, Problem } from '../fleet/fleet.ts';
import type { Skipped, SkipReason } from '../tick/report.ts';
import { measure } from './measure.ts';
import { createRecorder } from './record.ts';
import { isMonitorFault } from './verdict.ts';

export interface Batch {
  members: readonly Member[];
  trigger: Trigger;
  /** ISO 8601 UTC: the timestamp of every check of the batch. */
  timestamp: string;
  /** Null for a provider that has no request it may send now. */
  kindOf: (member: Member) => ProbeKind | null;
}

/** Each member is in exactly one of `stored`, `failed` and `skipped`. */
export interface BatchResult {
  /** Every check that was made, believed and stored or not. */
  checks: HealthCheck[];
  stored: HealthCheck[];
  /** Every check that changed its status, whether or not its own item is written yet. */
  applied: HealthCheck[];
  failed: Problem[];
  skipped: Skipped[];
  transitions: Transition[];
  monitorFault: boolean;
}

export async function checkBatch(context: CheckContext, batch: Batch, signal: AbortSignal): Promise<BatchResult> {
  const { prober, clock } = context;
  const recorder = createRecorder(context);
  const held: { member: Member; check: HealthCheck }[] = [];
  const result: BatchResult = {
    checks: [],
    stored: [],
    applied: [],
    failed: [],
    skipped: [],
    transitions: [],
    monitorFault: false,
  };

  async function settle(member: Member, target: ProbeTarget, probe: Promise<ProbeResult>): Promise<void> {
    const order = { target, status: member.status, trigger: batch.trigger, timestamp: batch.timestamp };
    const check = await measure({ prober, clock, signal }, order, probe);
    if (check === null) return skip(member, 'deadline');
    result.checks.push(check);
    if (!check.isHealthy && check.monitorFault) return skip(member, 'monitor_fault', check.errorMessage);
    if (!check.isHealthy && mayBeMonitorFault(check.category)) held.push({ member, check });
    else await record(member, check);
  }

  async function record(member: Member, check: HealthCheck): Promise<void> {
    const outcome = await recorder.record(member, check);
    if (outcome.outcome !== 'applied') return skip(member, outcome.outcome);
    result.applied.push(check);
    if (outcome.transition) result.transitions.push(outcome.transition);
    // Now, not after the slowest probe: a process that dies in between has handed on what it stored.
    if (outcome.notice) await context.onNotices([{ kind: outcome.notice, status: outcome.status }]);
  }

  function skip(member: Member, reason: SkipReason, because?: string): void {
    result.skipped.push({ provider: member.config.id, reason, ...(because !== undefined && { because }) });
  }

  /** One provider's failure to be stored is told, and costs no other. */
  async function guarded(member: Member, work: Promise<void>): Promise<void> {
    await work.catch((cause: unknown) => {
      result.failed.push({ provider: member.config.id, reason: messageOf(cause) });
    });
  }

  const orders = batch.members.flatMap((member) => {
    const kind = batch.kindOf(member);
    if (kind !== null) return [{ member, target: targetOf(member, kind) }];
    skip(member, 'token_limit');
    return [];
  });
  const targets = orders.map(({ target }) => target);
  const probes = prober.probeAll(targets, signal);
  const settling = orders.map(({ member, target }, index) => {
    const probe = probes[index];
    if (!probe)
      throw new Error(`prober: expected a result for each of ${targets.length} targets, got ${probes.length}`);
    return guarded(member, settle(member, target, probe));
  });
  await Promise.all(settling);

  result.monitorFault = await isMonitorFault(result.checks, context.witnesses);
  if (result.monitorFault) for (const { member } of held) skip(member, 'monitor_fault');
  else await Promise.all(held.map(({ member, check }) => guarded(member, record(member, check))));

  const unwritten = await recorder.flush();
  for (const check of result.applied) {
    if (!unwritten.has(check.provider)) result.stored.push(check);
    else
      result.failed.push({
        provider: check.provider,
        reason: 'its check item was not written; a later tick writes it',
      });
  }
  return result;
}

function targetOf({ config, status }: Member, kind: ProbeKind): ProbeTarget {
  return { config, kind, expectedMs: status?.medianResponseMs ?? null };
}
