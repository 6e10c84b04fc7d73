/**
 * Cuts a page out of a list of providers. The whole list is read for each page, since the filters need every status.
 */

import { PROVIDER_ID } from '../../health/provider.ts';
import { badCursor, cursorAfter, keyIn } from '../http/cursor.ts';

export interface ListPaging {
  /** The most items of the page. Absent: no limit. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. Absent: begin with the first item. */
  cursor?: string | undefined;
}

/**
 * @param list Ordered by id.
 * @throws {Problem} `bad_request` when the cursor is not from an answer.
 */
export function listPage<T extends { provider: string }>(
  list: readonly T[],
  { limit, cursor }: ListPaging,
): { items: T[]; nextCursor: string | null } {
  const after = cursor === undefined ? '' : idIn(cursor);
  const rest = list.filter(({ provider }) => provider > after);
  const items = rest.slice(0, limit);
  const last = items.length < rest.length ? items.at(-1) : undefined;
  return { items, nextCursor: last ? cursorAfter(last.provider) : null };
}

/** The id after which the page begins. The provider need not exist any more. @throws {Problem} `bad_request` */
function idIn(cursor: string): string {
  const id = keyIn(cursor);
  if (id === null || !PROVIDER_ID.test(id)) throw badCursor();
  return id;
}
