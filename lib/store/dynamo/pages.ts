/** Reads one page of a list, over as many Queries as it takes to fill it. */

import type { Item } from '../items/kinds.ts';
import { type PageQuery, toPage } from '../paging.ts';
import type { Page } from '../store.ts';
import { both, isNotExpired, isOfProvider } from './conditions.ts';
import type { Found } from './packs.ts';
import type { Table } from './table.ts';

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
