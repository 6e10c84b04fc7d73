/** Reads the newest items of a list. The store returns lists in pages, newest first. */

import type { Page, PageRequest } from '../store/store.ts';

const PAGE_LIMIT = 1000;

export interface Newest<T> {
  /** Oldest first. */
  items: T[];
  /** Whether these are all items of the range. */
  isWhole: boolean;
}

/** When to stop reading. A page can have few items, so a bound on items does not bound the number of pages. */
export type Bound = { pages: number } | { items: number };

/** The newest items of a range, up to the bound. The last page is never cut, so there can be more items than the bound. */
export async function readNewest<T>(
  readPage: (request: Pick<PageRequest, 'limit' | 'cursor'>) => Promise<Page<T>>,
  bound: Bound,
): Promise<Newest<T>> {
  const found: T[] = [];
  let cursor: string | null | undefined;
  for (let pages = 0; cursor !== null && isWithin(bound, pages, found.length); pages++) {
    const page: Page<T> = await readPage({ limit: PAGE_LIMIT, ...(cursor && { cursor }) });
    found.push(...page.items);
    cursor = page.next;
  }
  return { items: found.reverse(), isWhole: cursor === null };
}

function isWithin(bound: Bound, pages: number, items: number): boolean {
  return 'pages' in bound ? pages < bound.pages : items < bound.items;
}
