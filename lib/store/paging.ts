/** Pages of checks and transitions: the keys to read, and the page made from the items that were found. */

import { badCursor, type CursorScope, decodeCursor, encodeCursor } from './cursor.ts';
import { checkFromItem } from './items/check-item.ts';
import { ItemError } from './items/fields.ts';
import { checkPartition, TRANSITION_PARTITION } from './items/keys.ts';
import type { Item } from './items/kinds.ts';
import { transitionFromItem } from './items/transition-item.ts';
import type { Page, PageRequest, Unreadable } from './store.ts';

/** The keys to read, newest first: from `last` down to `first`, both inclusive, and only those below `before`. */
export interface PageQuery<T> {
  scope: CursorScope;
  pk: string;
  first: string;
  last: string;
  /** Sort key of the last item of the previous page; null for the first page. */
  before: string | null;
  /** Only items of this provider (attribute `provider`); null: all. */
  ofProvider: string | null;
  limit: number;
  /** @throws {ItemError} */
  read(item: Item): T;
}

/** Added to a time, it sorts after all keys of transitions with that time. */
const AFTER_ANY_ID = '#~';

/** @throws {StoreError} `bad_cursor` */
export function checksPage(provider: string, request: PageRequest) {
  const scope: CursorScope = { list: 'checks', provider };
  const [first, last] = [keyTime(request.from), keyTime(request.to)];
  return pageQuery(
    { scope, pk: checkPartition(provider), first, last, ofProvider: null, read: checkFromItem },
    request,
  );
}

/** @throws {StoreError} `bad_cursor` */
export function transitionsPage(provider: string | null, request: PageRequest) {
  const scope: CursorScope = { list: 'transitions', provider };
  const [first, last] = [keyTime(request.from), keyTime(request.to) + AFTER_ANY_ID];
  return pageQuery(
    { scope, pk: TRANSITION_PARTITION, first, last, ofProvider: provider, read: transitionFromItem },
    request,
  );
}

/**
 * Makes a page from the items that were found.
 *
 * @param found Items in order. One item more than the limit means that there is a next page.
 * @param readUntil The key at which reading stopped; null when it reached the end of the list.
 */
export function toPage<T>(query: PageQuery<T>, found: readonly Item[], readUntil: string | null): Page<T> {
  const items: T[] = [];
  const unreadable: Unreadable[] = [];
  const shown = found.slice(0, query.limit);
  for (const item of shown) {
    try {
      items.push(query.read(item));
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      const provider = query.scope.provider ?? String(item.provider ?? item.sk);
      unreadable.push({ provider, reason: `${query.scope.list} ${item.sk}: ${error.message}` });
    }
  }
  const position = found.length > query.limit ? String(shown.at(-1)?.sk) : readUntil;
  const next = position === null ? null : encodeCursor(query.scope, position);
  return unreadable.length > 0 ? { items, next, unreadable } : { items, next };
}

function pageQuery<T>(list: Omit<PageQuery<T>, 'before' | 'limit'>, { cursor, limit }: PageRequest): PageQuery<T> {
  if (cursor === undefined) return { ...list, before: null, limit };
  const before = decodeCursor(list.scope, cursor);
  if (before < list.first || before > list.last) throw badCursor(list.scope);
  return { ...list, before, limit };
}

/** A time in the form of keys, with milliseconds. Otherwise "10:00:00Z" would sort after "10:00:00.000Z". */
function keyTime(time: string): string {
  return new Date(time).toISOString();
}
