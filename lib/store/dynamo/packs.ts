/** Packed checks: which checks lie together, the places by which they are found again, and reading one provider's. */

import type { HealthCheck } from '../../health/check.ts';
import type { CheckGroups, CheckPlace } from '../check-groups.ts';
import { ItemError } from '../items/fields.ts';
import type { Item } from '../items/kinds.ts';
import {
  itemFromPack,
  packItem,
  packRange,
  placedItem,
  placedKey,
  placeFromItem,
  placeItem,
  placesRange,
  timeOfPack,
} from '../items/pack-item.ts';
import { isNotExpired } from './conditions.ts';
import { type Found, readRange } from './pages.ts';
import type { QueryPage, Table } from './table.ts';

/** An item to be put, with the checks that it holds. */
export interface CheckWrite {
  item: Item;
  checks: readonly HealthCheck[];
}

export interface Pack {
  group: string;
  timestamp: string;
  checks: Map<number, HealthCheck>;
}

/** A pack of fewer checks costs as much as each of them alone, and more to read. */
const LEAST_CHECKS = 2;
/** A page reads no more: some 1000 packs are in each. */
const MOST_QUERIES = 10;
/** Packs that one Query looks at, for however few checks: absent ones are passed over. */
const LEAST_PACKS = 20;

/** What is remembered of groups that no longer exist is forgotten now and then. */
const MOST_KNOWN = 10_000;

/** Parts checks into packs and those that stay alone. */
export function packChecks(checks: readonly HealthCheck[], groups: CheckGroups | undefined) {
  const packs = new Map<string, Pack>();
  const alone: HealthCheck[] = [];
  for (const check of checks) {
    const place = groups?.placeOf(check.provider) ?? null;
    if (place === null || check.trigger !== 'schedule' || check.model !== place.model) {
      alone.push(check);
      continue;
    }
    const { group, slot } = place;
    const key = `${check.timestamp} ${group}`;
    const pack = packs.get(key) ?? { group, timestamp: check.timestamp, checks: new Map() };
    packs.set(key, pack);
    pack.checks.set(slot, check);
  }
  const packed = [...packs.values()].filter((pack) => pack.checks.size >= LEAST_CHECKS);
  const few = [...packs.values()].filter((pack) => pack.checks.size < LEAST_CHECKS);
  return { alone: [...alone, ...few.flatMap((pack) => [...pack.checks.values()])], packed };
}

export function packWrite({ group, timestamp, checks }: Pack, keptDays: number | undefined): CheckWrite {
  return { item: packItem(group, timestamp, checks, keptDays), checks: [...checks.values()] };
}

/** Groups and days whose members are known to have their places. */
export class Placed {
  readonly #table: Table;
  readonly #keptDays: number | undefined;
  /** `<day> <group>`. */
  readonly #known = new Set<string>();

  constructor(table: Table, keptDays: number | undefined) {
    this.#table = table;
    this.#keptDays = keptDays;
  }

  /** Puts the places that are missing, before any check lies at them. Whether all are there. */
  async ensure(packs: readonly Pack[], groups: CheckGroups, putAll: (items: Item[]) => Promise<boolean>) {
    const wanted = new Map(
      packs.map(({ group, timestamp }) => {
        const day = timestamp.slice(0, 10);
        return [`${day} ${group}`, { day, group }];
      }),
    );
    const unknown = [...wanted].filter(([key]) => !this.#known.has(key));
    if (unknown.length === 0) return true;
    const missing = await Promise.all(
      unknown.map(async ([, { day, group }]) =>
        (await this.#table.get(placedKey(group, day))) === null ? [{ day, group }] : [],
      ),
    );
    const places = missing
      .flat()
      .flatMap(({ day, group }) =>
        groups
          .membersOf(group)
          .map(({ provider, model }, slot) => placeItem(provider, day, { group, slot, model }, this.#keptDays)),
      );
    const marks = missing.flat().map(({ day, group }) => placedItem(group, day, this.#keptDays));
    // The marks last: one says that every place was written.
    if (places.length > 0 && !((await putAll(places)) && (await putAll(marks)))) return false;
    if (this.#known.size > MOST_KNOWN) this.#known.clear();
    for (const [key] of unknown) this.#known.add(key);
    return true;
  }
}

interface Span {
  first: string;
  last: string;
  /** Exclusive; null: from `last` on. */
  before: string | null;
}

/** One list of several: as far as each of them was read. An item that is in more than one is in it once. */
export function merged(lists: readonly Found[]): Found {
  const stops = lists.flatMap(({ readUntil }) => readUntil ?? []);
  const readUntil = stops.sort().at(-1) ?? null;
  const byKey = new Map(lists.flatMap(({ items }) => items.map((item): [string, Item] => [String(item.sk), item])));
  const inOrder = [...byKey]
    .filter(([key]) => readUntil === null || key >= readUntil)
    .sort(([a], [b]) => (a < b ? 1 : -1));
  return { items: inOrder.map(([, item]) => item), readUntil };
}

/**
 * One provider's packed checks as CHECK items, day by day.
 *
 * @param most Reading stops when more are found.
 */
export async function readPacked(table: Table, provider: string, span: Span, most: number, now: Date): Promise<Found> {
  const items: Item[] = [];
  let queries = 0;

  async function readGroup(place: CheckPlace, first: string, last: string): Promise<Found> {
    const range = packRange(place.group, first, last, span.before);
    const found: Item[] = [];
    let after: string | null = null;
    while (range.first <= range.last) {
      const page: QueryPage = await table.query({
        pk: range.pk,
        between: { first: range.first, last: range.last },
        newestFirst: true,
        filter: isNotExpired(now),
        limit: Math.max(LEAST_PACKS, most + 1 - items.length - found.length),
        ...(after !== null && { after }),
      });
      found.push(
        ...page.items.flatMap((pack): Item[] => [itemFromPack(pack, provider, place)].filter((item) => item !== null)),
      );
      after = page.lastKey;
      if (after === null) break;
      // Of the time at which reading stopped there may be another pack, so it counts as unread.
      const stop = `${timeOfPack(after)}#~`;
      if (++queries >= MOST_QUERIES || items.length + found.length > most) {
        return { items: found.filter(({ sk }) => String(sk) > stop), readUntil: stop };
      }
    }
    return { items: found, readUntil: null };
  }

  for (const [day, places] of await readPlaces(table, provider, span, now)) {
    // Texts: of two times the later one, and the earlier one.
    const [, first = ''] = [`${day}T00:00:00.000Z`, span.first].sort();
    const [last = ''] = [`${day}T23:59:59.999Z`, span.last].sort();
    const lists: Found[] = [];
    for (const place of places) lists.push(await readGroup(place, first, last));
    const ofDay = merged(lists);
    items.push(...ofDay.items);
    if (ofDay.readUntil !== null) return { items, readUntil: ofDay.readUntil };
  }
  return { items, readUntil: null };
}

/** By day, the newest first. A place that cannot be understood is ignored. */
async function readPlaces(table: Table, provider: string, { first, last, before }: Span, now: Date) {
  const range = placesRange(provider, first, before !== null && before < last ? before : last);
  const byDay = new Map<string, CheckPlace[]>();
  for (const item of (await readRange(table, range, now)).reverse()) {
    try {
      const { day, place } = placeFromItem(item);
      byDay.set(day, [...(byDay.get(day) ?? []), place]);
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
    }
  }
  return byDay;
}
