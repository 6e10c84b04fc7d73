/** Reads a list of the store, which gives it page by page and newest first. */

import type { Page, PageRequest } from '../store/store.ts';

const PAGE_LIMIT = 1000;

export interface Newest<T> {
  /** Oldest first. */
  items: T[];
  /** Whether these are all items of the range. */
  isWhole: boolean;
}

/** Where reading ends early. Pages can be short, so a bound of items does not bound the reads, nor the other way round. */
export type Bound = { pages: number } | { items: number };

/** The newest items of a range: all, or as many as the bound allows, the last page with all that it has. */
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
