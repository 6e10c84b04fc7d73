/**
 * Applies a check to the status in the table, on condition that the status has not changed meanwhile. Others write the
 * items: the caller that of the check, and the transition log that of a transition. The status carries both until they
 * are known to be written. Not here: the rules (lib/health).
 */

import type { TransitionLog } from '../../alerts/transition-log.ts';
import { ALERT_DEFAULTS, type NoticeSettings } from '../../health/alerting/alert-settings.ts';
import { type NoticeKind, noticeOf } from '../../health/alerting/notice.ts';
import type { HealthCheck } from '../../health/check.ts';
import { nextStatus, unknownStatus } from '../../health/next-status.ts';
import { type ProviderStatus, type StatusChange, transitionsIn } from '../../health/status.ts';
import type { Transition } from '../../health/transition.ts';
import { withoutFuture } from '../../health/without-future.ts';
import { carriedCounts } from '../../store/items/status-item.ts';
import type { StatusStore } from '../../store/store.ts';
import type { Member } from '../fleet/fleet.ts';
import { pendingChecks, type RecordedChecks } from '../recorded.ts';
import { inPause } from './in-pause.ts';

/** More lost conditional writes in a row than this are a fault and not a race. */
const MAXIMUM_TRIES = 8;

/**
 * `outdated`: a newer check was applied before. `removed`: the provider was deleted meanwhile, so nothing was written.
 */
export type Applied = ({ outcome: 'applied' } & AppliedCheck) | { outcome: 'outdated' | 'removed' };

export interface AppliedCheck extends StatusChange {
  /** The check as applied: a maintenance pause may have begun or ended since it was made. */
  check: HealthCheck;
  /** The notice of this write; null for none. */
  notice: NoticeKind | null;
  /** Earlier checks that have no item and no room in the status. Only this process can still write them. */
  dropped: readonly HealthCheck[];
  /** The same for transitions. */
  droppedTransitions: readonly Transition[];
}

export interface ApplyOptions {
  /** Later times are from the future. */
  now: Date;
  /** The status does not carry checks that this knows. */
  recorded: Pick<RecordedChecks, 'has'>;
  /** The status does not carry transitions that this knows. */
  transitions: Pick<TransitionLog, 'has'>;
  /** Default: the settings of a monitor without configured alerts. */
  notices?: NoticeSettings;
  /**
   * Called with the status that another process has written meanwhile, before this check changes it. Must not reject.
   */
  onOther?: (status: ProviderStatus) => Promise<void>;
}

/**
 * Applies a check to the stored status. Reads the status again and retries when another write came first.
 *
 * @param made The check as measured.
 * @param member The provider with its status as last read. Only a declared provider without a status gets one: the
 *   registration of another makes its status, and the deletion removes it.
 */
export async function applyCheck(
  statuses: StatusStore,
  made: HealthCheck,
  { config, status: known, declared }: Member,
  { now, recorded, transitions, notices = ALERT_DEFAULTS, onOther }: ApplyOptions,
): Promise<Applied> {
  let check = made;
  let current = known;
  let existed = known !== null;
  for (let tries = 0; tries < MAXIMUM_TRIES; tries++) {
    if (current === null && (existed || !declared)) return { outcome: 'removed' };
    const before = current ? withoutFuture(current, now) : unknownStatus(config, new Date(check.timestamp));
    const change = nextStatus(before, check, config);
    if (change === null) return { outcome: 'outdated' };
    const notice = noticeOf(before, change, notices);
    const pending = pendingChecks(current, recorded).filter(({ timestamp }) => timestamp !== check.timestamp);
    const behind = transitionsBefore(change.status, current).filter((transition) => !transitions.has(transition));
    const status = carrying(change.status, pending, behind);
    if ((await statuses.put(status, current?.version ?? null, notice)) === 'stored') {
      const carried = carriedCounts(status);
      const dropped = pending.slice(0, pending.length - carried.checks);
      const droppedTransitions = behind.slice(0, behind.length - carried.transitions);
      // The status as the table has it now.
      const stored = carrying(change.status, pending.slice(dropped.length), behind.slice(droppedTransitions.length));
      return { outcome: 'applied', ...change, check, status: stored, notice, dropped, droppedTransitions };
    }
    current = await statuses.get(check.provider);
    existed ||= current !== null;
    // Call it only once: it may write the status itself, and then this check would lose every try.
    if (current !== null && tries === 0) await onOther?.(current);
    check = inPause(made, config, current);
  }
  throw new Error(
    `status of ${check.provider}: expected to win one of ${MAXIMUM_TRIES} conditional writes, lost all of them. ` +
      'Something else writes this status all the time: look for a second monitor on the same table.',
  );
}

/** The transitions that the former status carries, without the one that is the last of the new status too. */
function transitionsBefore({ lastTransition }: ProviderStatus, current: ProviderStatus | null): readonly Transition[] {
  return current === null ? [] : transitionsIn(current).filter(({ id }) => id !== lastTransition?.id);
}

function carrying(
  carrier: ProviderStatus,
  checks: readonly HealthCheck[],
  transitions: readonly Transition[],
): ProviderStatus {
  // The usual case: only after a failed write there is something to carry.
  if (checks.length + transitions.length === 0 && !('unrecorded' in carrier || 'unrecordedTransitions' in carrier)) {
    return carrier;
  }
  const { unrecorded, unrecordedTransitions, ...status } = carrier;
  return {
    ...status,
    ...(checks.length > 0 && { unrecorded: checks }),
    ...(transitions.length > 0 && { unrecordedTransitions: transitions }),
  };
}
