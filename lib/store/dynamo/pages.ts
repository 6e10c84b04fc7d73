/** Reads one page of a list, or all items between two keys, with as many Queries as needed. */

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

/** The items that were found, newest first. */
export interface Found {
  items: Item[];
  /** Items with keys below this one are unread; null when all were read. */
  readUntil: string | null;
}

/** The most Queries for one page. With a filter, a page can end early with few items; its cursor continues there. */
const MOST_QUERIES = 10;
/** Items that one Query with a filter by provider reads: about 250 kB, 30 read units. */
const FILTERED_LIMIT = 1000;

export async function readPage<T>(table: Table, query: PageQuery<T>, now: Date): Promise<Page<T>> {
  // DynamoDB returns an error for an empty range.
  if (query.first > query.last) return { items: [], next: null };
  const { items, readUntil } = await readFound(table, query, now);
  return toPage(query, items, readUntil);
}

/** The items of a page, and one more if there is a next page. */
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

/** All items of a range, oldest first. Eventually consistent, which costs half: the past does not change. */
export async function readRange(table: Table, { pk, first, last }: KeyRange, now: Date): Promise<Item[]> {
  const items: Item[] = [];
  // DynamoDB returns an error for an empty range.
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
