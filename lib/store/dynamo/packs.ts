/** Packs: divides checks into packs, writes the places by which they are found again, and reads one provider's checks. */

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

/** An item to write, with the checks in it. */
export interface CheckWrite {
  item: Item;
  checks: readonly HealthCheck[];
}

export interface Pack {
  group: string;
  timestamp: string;
  checks: Map<number, HealthCheck>;
}

/** A pack with a single check would cost as much as an item, and more to read. */
const LEAST_CHECKS = 2;
/** The most Queries for one page. Each reads about 1000 packs. */
const MOST_QUERIES = 10;
/** One Query reads at least this many packs, because some of them may not contain the provider. */
const LEAST_PACKS = 20;

/** The cache of groups is cleared at this size, because it also contains groups that no longer exist. */
const MOST_KNOWN = 10_000;

/** Divides checks into packs, and checks that become single items. */
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

/** Writes the places of groups, and remembers for which groups and days they are written. */
export class Placed {
  readonly #table: Table;
  readonly #keptDays: number | undefined;
  /** `<day> <group>`. */
  readonly #known = new Set<string>();

  constructor(table: Table, keptDays: number | undefined) {
    this.#table = table;
    this.#keptDays = keptDays;
  }

  /** Writes the missing places before the packs are written. Returns whether all places exist now. */
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
    // Write the marks last: a mark means that all places of its group and day are written.
    if (places.length > 0 && !((await putAll(places)) && (await putAll(marks)))) return false;
    if (this.#known.size > MOST_KNOWN) this.#known.clear();
    for (const [key] of unknown) this.#known.add(key);
    return true;
  }
}

interface Span {
  first: string;
  last: string;
  /** Reading begins below this key; null: at `last`. */
  before: string | null;
}

/** Merges lists, as far as all of them were read. An item that is in several lists is in the result once. */
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
 * Reads one provider's packed checks as CHECK items, newest day first.
 *
 * @param most Reading stops when more than this are found.
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
      // Another pack may have the same time as the last one, so that time counts as unread.
      const stop = `${timeOfPack(after)}#~`;
      if (++queries >= MOST_QUERIES || items.length + found.length > most) {
        return { items: found.filter(({ sk }) => String(sk) > stop), readUntil: stop };
      }
    }
    return { items: found, readUntil: null };
  }

  for (const [day, places] of await readPlaces(table, provider, span, now)) {
    // The part of the span on this day. Times are compared as texts.
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

/** A provider's places by day, newest day first. A place that cannot be understood is ignored. */
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
