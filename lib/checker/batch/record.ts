/**
 * Stores checks as they settle. A provider's status is written at once. The check items are written later: in batches,
 * or at the end where they are packed. Until then the status carries the check.
 */

import type { HealthCheck } from '../../health/check.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { CheckGroups } from '../../store/check-groups.ts';
import type { CheckContext } from '../context.ts';
import type { Member } from '../fleet/fleet.ts';
import { putChecks } from '../repair.ts';
import { type Applied, applyCheck } from './apply.ts';

/** The most items that one BatchWriteItem takes. */
const BATCH_SIZE = 25;

export interface Recorder {
  /**
   * Applies one check to its status. If the check counted, queues its item and those of the checks that the status
   * carries.
   *
   * @throws When the status cannot be written.
   */
  record(member: Member, check: HealthCheck): Promise<Applied>;
  /**
   * Writes the queued items.
   *
   * @returns Ids of the providers without a written check item; their status carries the check.
   */
  flush(): Promise<Set<string>>;
}

/** @param groups How the checks are packed. Absent: each check is an item. */
export function createRecorder(context: CheckContext, groups?: CheckGroups): Recorder {
  const { store, clock, log, recorded, transitions, onApplied, notices, catchUp } = context;
  let queue: HealthCheck[] = [];
  const writes: Promise<void>[] = [];
  /** Checks that this recorder applied, without the earlier ones that statuses carry. */
  const own = new Set<HealthCheck>();
  /** Checks without room in their status: they are lost if they cannot be written now. */
  const dropped = new Set<HealthCheck>();

  function writeQueued(): void {
    const batch = queue;
    queue = [];
    if (batch.length > 0) writes.push(putChecks(context, batch, groups).then(reportDropped));
  }

  function reportDropped({ unstored }: { unstored: readonly HealthCheck[] }): void {
    const lost = unstored.filter((check) => dropped.has(check));
    if (lost.length === 0) return;
    const checks = lost.map(({ provider, timestamp }) => ({ provider, timestamp }));
    log.error('check items lost: too many in a row could not be written', { checks });
  }

  return {
    async record(member, made) {
      const onOther = (other: ProviderStatus) => catchUp.run([other], null);
      const options = { now: clock.now(), recorded, transitions, notices, onOther };
      const applied = await applyCheck(store.statuses, made, member, options);
      if (applied.outcome !== 'applied') return applied;
      const { check } = applied;
      own.add(check);
      for (const one of applied.dropped) dropped.add(one);
      if (applied.droppedTransitions.length > 0) {
        const ids = applied.droppedTransitions.map(({ id }) => id);
        log.error('transitions lost: too many in a row could not be recorded', { transitions: ids });
      }
      queue.push(...applied.dropped, ...(applied.status.unrecorded ?? []), check);
      if (groups === undefined && queue.length >= BATCH_SIZE) writeQueued();
      onApplied(check, applied);
      return applied;
    },
    async flush() {
      writeQueued();
      await Promise.all(writes);
      return new Set([...own].filter((check) => !recorded.has(check)).map(({ provider }) => provider));
    },
  };
}
