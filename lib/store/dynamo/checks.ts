/**
 * Checks, packed (packs.ts) or each in an item of its own: put in batches, which cost a tenth of the client's time and have
 * no conditions; none is needed.
 */

import { eachAtATime } from '../../base/at-a-time.ts';
import type { HealthCheck } from '../../health/check.ts';
import type { CheckGroups } from '../check-groups.ts';
import { checkItem } from '../items/check-item.ts';
import type { Item } from '../items/kinds.ts';
import { checksPage, toPage } from '../paging.ts';
import { type CheckStore, StoreError } from '../store.ts';
import { type CheckWrite, merged, type Pack, Placed, packChecks, packWrite, readPacked } from './packs.ts';
import { readFound } from './pages.ts';
import type { Table } from './table.ts';

/** As many as one BatchWriteItem takes. */
const BATCH_SIZE = 25;
/** Batches in flight: the statuses, which matter more, are written at the same time. */
const PARALLEL_BATCHES = 4;
/**
 * Pauses before what the table had no capacity for is sent again, at most 50, 100, 200 and 400 ms: together less than the
 * reserve of a tick. What is left then is reported, and the next tick repairs it.
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
  const placed = new Placed(table, keptDays);

  /** Items of a batch that could not be put. */
  async function putBatch(batch: readonly Item[]): Promise<readonly Item[]> {
    let left = await table.putBatch(batch);
    for (let retry = 0; retry < RETRIES && left.length > 0; retry++) {
      await sleep(random() * FIRST_PAUSE_MS * 2 ** retry);
      left = await table.putBatch(left);
    }
    return left;
  }

  /** Puts all of them. Those that were not. */
  async function putWrites(writes: readonly CheckWrite[]) {
    // By key, since a batch with one key twice is refused as a whole.
    const byKey = new Map(writes.map((write) => [keyOf(write.item), write]));
    const batches = chunks([...byKey.values()], BATCH_SIZE).map((batch) => batch.map(({ item }) => item));
    const unstored = new Set<string>();
    let error: StoreError | undefined;

    await eachAtATime(batches, PARALLEL_BATCHES, async (batch) => {
      const left = await putBatch(batch).catch((cause: unknown) => {
        if (!(cause instanceof StoreError)) throw cause;
        error ??= cause;
        return batch;
      });
      for (const item of left) unstored.add(keyOf(item));
    });
    return { lost: writes.filter(({ item }) => unstored.has(keyOf(item))), error };
  }

  /** Packs whose members have their places; the checks of the others cannot be stored now. */
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
