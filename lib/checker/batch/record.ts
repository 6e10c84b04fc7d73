/**
 * Stores checks as they settle: each provider's status at once, the check items behind it in batches, which cost a tenth
 * of the client's time. Who is told of a transition is the caller's.
 */

import type { HealthCheck } from '../../health/check.ts';
import type { CheckContext } from '../context.ts';
import type { Member } from '../fleet/fleet.ts';
import { type Applied, applyCheck } from './apply.ts';

/** As many items as one BatchWriteItem takes. */
const BATCH_SIZE = 25;

export interface Recorder {
  /** Applies one check, and queues its item when it counted. @throws When the status cannot be written. */
  record(member: Member, check: HealthCheck): Promise<Applied>;
  /** Writes what is queued. Ids of the providers whose check item could not be written, of all batches. */
  flush(): Promise<Set<string>>;
}

export function createRecorder({ store, onApplied, notices }: CheckContext): Recorder {
  let queue: HealthCheck[] = [];
  const writes: Promise<void>[] = [];
  const unstored = new Set<string>();

  function writeQueued(): void {
    const batch = queue;
    queue = [];
    if (batch.length > 0) writes.push(write(batch));
  }

  async function write(batch: readonly HealthCheck[]): Promise<void> {
    const lost = await store.checks.put(batch).then(
      (result) => result.unstored,
      () => batch,
    );
    for (const check of lost) unstored.add(check.provider);
  }

  return {
    async record(member, check) {
      const { config, status, declared } = member;
      const applied = await applyCheck(store.statuses, check, config, status, declared, notices);
      if (applied.outcome !== 'applied') return applied;
      queue.push(check);
      if (queue.length >= BATCH_SIZE) writeQueued();
      onApplied(check, applied);
      return applied;
    },
    async flush() {
      writeQueued();
      await Promise.all(writes);
      return unstored;
    },
  };
}
