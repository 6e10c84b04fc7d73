/**
 * Writes and reads checks, in packs (packs.ts) or as single items. Batch writes need a tenth of the client's CPU time. They
 * cannot have conditions, but checks need none.
 */

import { forEachLimited } from '../../base/for-each-limited.ts';
import type { HealthCheck } from '../../health/check.ts';
import type { CheckGroups } from '../check-groups.ts';
import { checkItem } from '../items/check-item.ts';
import type { Item } from '../items/kinds.ts';
import { checksPage, toPage } from '../paging.ts';
import { type CheckStore, StoreError } from '../store.ts';
import { type CheckWrite, merged, type Pack, Placed, packChecks, packWrite, readPacked } from './packs.ts';
import { readFound } from './pages.ts';
import type { Table } from './table.ts';

/** The most items of one BatchWriteItem. */
const BATCH_SIZE = 25;
/** Batches that are sent in parallel. Few, because the statuses, which are more important, are written at the same time. */
const PARALLEL_BATCHES = 4;
/**
 * When the table has no capacity for some items, they are sent again after at most 50, 100, 200 and 400 ms: together less than
 * the time that a tick keeps in reserve. Items that are still left are reported, and the next tick writes them.
 */
const RETRIES = 4;
const FIRST_PAUSE_MS = 50;

export interface CheckOptions {
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  /** Returns a number from 0 (inclusive) to 1 (exclusive). */
  random: () => number;
  /** Days to keep checks. Default: as in items/expiry.ts. */
  keptDays?: number;
}

export function dynamoChecks(table: Table, options: CheckOptions): CheckStore {
  const { now, sleep, random, keptDays } = options;
  const placed = new Placed(table, keptDays);

  /** Writes a batch, and returns the items that could not be written. */
  async function putBatch(batch: readonly Item[]): Promise<readonly Item[]> {
    let left = await table.putBatch(batch);
    for (let retry = 0; retry < RETRIES && left.length > 0; retry++) {
      await sleep(random() * FIRST_PAUSE_MS * 2 ** retry);
      left = await table.putBatch(left);
    }
    return left;
  }

  /** Writes all items. Returns the writes that failed, and the error if the table returned one. */
  async function putWrites(writes: readonly CheckWrite[]) {
    // One write for each key, because DynamoDB refuses a batch that contains a key twice.
    const byKey = new Map(writes.map((write) => [keyOf(write.item), write]));
    const batches = chunks([...byKey.values()], BATCH_SIZE).map((batch) => batch.map(({ item }) => item));
    const unstored = new Set<string>();
    let error: StoreError | undefined;

    await forEachLimited(batches, PARALLEL_BATCHES, async (batch) => {
      const left = await putBatch(batch).catch((cause: unknown) => {
        if (!(cause instanceof StoreError)) throw cause;
        error ??= cause;
        return batch;
      });
      for (const item of left) unstored.add(keyOf(item));
    });
    return { lost: writes.filter(({ item }) => unstored.has(keyOf(item))), error };
  }

  /** The writes for packs, after their PLACE items were written. If that fails, the checks cannot be stored now. */
  async function packWrites(packed: readonly Pack[], groups: CheckGroups | undefined) {
    if (packed.length === 0 || groups === undefined) return { writes: [], unstored: [] };
    let error: StoreError | undefined;
    const isPlaced = await placed
      .ensure(packed, groups, async (items) => {
        const answer = await putWrites(items.map((item) => ({ item, checks: [] })));
        error ??= answer.error;
        return answer.lost.length === 0;
      })
      .catch((cause: unknown) => {
        if (!(cause instanceof StoreError)) throw cause;
        error = cause;
        return false;
      });
    if (isPlaced) return { writes: packed.map((pack) => packWrite(pack, keptDays)), unstored: [] };
    return { writes: [], unstored: packed.flatMap(({ checks }) => [...checks.values()]), error };
  }

  return {
    async put(checks, groups) {
      const { alone, packed } = packChecks(checks, groups);
      const ofPacks = await packWrites(packed, groups);
      const writes = alone.map((check) => ({ item: checkItem(check, keptDays), checks: [check] }));
      const { lost, error = ofPacks.error } = await putWrites([...writes, ...ofPacks.writes]);
      const lostKeys = new Set([...lost.flatMap((write) => write.checks), ...ofPacks.unstored].map(nameOf));
      const unstored = checks.filter((check) => lostKeys.has(nameOf(check)));
      return error ? { unstored, error } : { unstored };
    },

    async page(provider, request) {
      const query = checksPage(provider, request);
      if (query.first > query.last) return { items: [], next: null };
      const time = now();
      const [alone, packed] = await Promise.all([
        readFound(table, query, time),
        readPacked(table, provider, query, query.limit + 1, time),
      ]);
      const { items, readUntil } = merged([alone, packed]);
      return toPage(query, items, readUntil);
    },
  };
}

function keyOf({ pk, sk }: Item): string {
  return `${pk} ${sk}`;
}

function nameOf({ provider, timestamp }: HealthCheck): string {
  return `${provider} ${timestamp}`;
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
