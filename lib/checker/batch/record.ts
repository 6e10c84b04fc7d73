/**
 * Stores checks as they settle: each provider's status at once. What is left of them, their history, is written in batches
 * where each is an item, and at the end where they are packed: the status has the check until then.
 */

import type { HealthCheck } from '../../health/check.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { CheckGroups } from '../../store/check-groups.ts';
import type { CheckContext } from '../context.ts';
import type { Member } from '../fleet/fleet.ts';
import { putChecks } from '../repair.ts';
import { type Applied, applyCheck } from './apply.ts';

/** As many items as one BatchWriteItem takes. */
const BATCH_SIZE = 25;

export interface Recorder {
  /**
   * Applies one check, and queues its item when it counted, with those that its status carries.
   *
   * @throws When the status cannot be written.
   */
  record(member: Member, check: HealthCheck): Promise<Applied>;
  /** Writes what is queued. Ids of the providers whose check item could not be written; their status carries it. */
  flush(): Promise<Set<string>>;
}

/** @param groups By which checks are packed; absent: each is an item. */
export function createRecorder(context: CheckContext, groups?: CheckGroups): Recorder {
  const { store, clock, log, recorded, transitions, onApplied, notices, catchUp } = context;
  let queue: HealthCheck[] = [];
  const writes: Promise<void>[] = [];
  /** Checks of this recorder, without those that their statuses carry. */
  const own = new Set<HealthCheck>();
  /** Those that no status has room for: lost when they are not written now. */
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
      const { config, status, declared } = member;
      const onOther = (other: ProviderStatus) => catchUp.run([other], null);
      const options = { now: clock.now(), recorded, transitions, notices, onOther };
      const applied = await applyCheck(store.statuses, made, config, status, declared, options);
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
