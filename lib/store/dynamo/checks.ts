/** CHECK items: put in batches, which cost a tenth of the client's time and have no conditions; none is needed. */

import { checkItem } from '../items/check-item.ts';
import type { Item } from '../items/fields.ts';
import { checksPage } from '../paging.ts';
import { type CheckStore, StoreError } from '../store.ts';
import { readPage } from './pages.ts';
import type { Table } from './table.ts';

/** As many as one BatchWriteItem takes. */
const BATCH_SIZE = 25;
/** Batches in flight: the statuses, which matter more, are written at the same time. */
const PARALLEL_BATCHES = 4;
/**
 * Pauses before what the table had no capacity for is sent again, at most 50, 100, 200 and 400 ms: together less than the
 * reserve of a tick. What is left then is told, and the next tick repairs it.
 */
const RETRIES = 4;
const FIRST_PAUSE_MS = 50;

export interface CheckOptions {
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  /** From 0 (inclusive) to 1 (exclusive). */
  random: () => number;
  /** Default: as in items/expiry.ts. */
  keptDays?: number;
}

export function dynamoChecks(table: Table, options: CheckOptions): CheckStore {
  const { now, sleep, random, keptDays } = options;

  /** Items of a batch that could not be put. */
  async function putBatch(batch: readonly Item[]): Promise<readonly Item[]> {
    let left = await table.putBatch(batch);
    for (let retry = 0; retry < RETRIES && left.length > 0; retry++) {
      await sleep(random() * FIRST_PAUSE_MS * 2 ** retry);
      left = await table.putBatch(left);
    }
    return left;
  }

  return {
    async put(checks) {
      // By key, since a batch with one key twice is refused as a whole.
      const items = new Map(checks.map((check) => [keyOf(checkItem(check)), checkItem(check, keptDays)]));
      const batches = chunks([...items.values()], BATCH_SIZE);
      const unstored = new Set<string>();
      let error: StoreError | undefined;

      async function work(): Promise<void> {
        for (let batch = batches.shift(); batch; batch = batches.shift()) {
          const left = await putBatch(batch).catch((cause: unknown) => {
            if (!(cause instanceof StoreError)) throw cause;
            error ??= cause;
            return batch ?? [];
          });
          for (const item of left) unstored.add(keyOf(item));
        }
      }

      await Promise.all(Array.from({ length: PARALLEL_BATCHES }, work));
      const lost = checks.filter((check) => unstored.has(keyOf(checkItem(check))));
      return error ? { unstored: lost, error } : { unstored: lost };
    },

    async page(provider, request) {
      return readPage(table, checksPage(provider, request), now());
    },
  };
}

function keyOf({ pk, sk }: Item): string {
  return `${pk} ${sk}`;
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
