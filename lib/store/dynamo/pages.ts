/** Reads lists, over as many Queries as it takes: one page, or all items between two keys. */

import type { Item } from '../items/kinds.ts';
import { type PageQuery, toPage } from '../paging.ts';
import type { Page } from '../store.ts';
import { both, isNotExpired, isOfProvider } from './conditions.ts';
import type { Table } from './table.ts';

interface KeyRange {
  pk: string;
  first: string;
  last: string;
}

/** What was found of a list, newest first. */
export interface Found {
  items: Item[];
  /** Everything below this key is unread, and nothing at it or above; null when all was read. */
  readUntil: string | null;
}

/** A page that filters may find little in a long list: it then ends short, and its cursor goes on from there. */
const MOST_QUERIES = 10;
/** Items looked at by one Query that filters by provider: some 250 kB, 30 read units. */
const FILTERED_LIMIT = 1000;

export async function readPage<T>(table: Table, query: PageQuery<T>, now: Date): Promise<Page<T>> {
  // DynamoDB refuses such a range instead of finding nothing in it.
  if (query.first > query.last) return { items: [], next: null };
  const { items, readUntil } = await readFound(table, query, now);
  return toPage(query, items, readUntil);
}

/** The items of a page, and one more where there is one; `readUntil` is the key at which reading stopped. */
export async function readFound<T>(table: Table, query: PageQuery<T>, now: Date): Promise<Found> {
  const { pk, first, last, limit, ofProvider } = query;
  const filter = ofProvider === null ? isNotExpired(now) : both(isNotExpired(now), isOfProvider(ofProvider));
  const found: Item[] = [];
  let position = query.before;
  for (let queries = 0; queries < MOST_QUERIES; queries++) {
    const page = await table.query({
      pk,
      between: { first, last },
      newestFirst: true,
      filter,
      limit: ofProvider === null ? limit + 1 - found.length : FILTERED_LIMIT,
      ...(position !== null && { after: position }),
    });
    found.push(...page.items);
    position = page.lastKey;
    if (found.length > limit || position === null) break;
  }
  return { items: found, readUntil: position };
}

/** All items of the range, oldest first. Not consistent: it costs half, and the past does not change. */
export async function readRange(table: Table, { pk, first, last }: KeyRange, now: Date): Promise<Item[]> {
  const items: Item[] = [];
  // DynamoDB refuses such a range instead of finding nothing in it.
  if (first > last) return items;
  let after: string | null = null;
  do {
    const page = await table.query({
      pk,
      between: { first, last },
      filter: isNotExpired(now),
      ...(after !== null && { after }),
    });
    items.push(...page.items);
    after = page.lastKey;
  } while (after !== null);
  return items;
}
