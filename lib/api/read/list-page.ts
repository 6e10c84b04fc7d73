/**
 * Cuts a page out of a list of providers. The whole list is read for each page, since the filters need every status.
 */

import { PROVIDER_ID } from '../../health/provider.ts';
import { badRequest } from '../http/problem.ts';

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
  return { items, nextCursor: last ? Buffer.from(last.provider).toString('base64url') : null };
}

/** The id after which the page begins. The provider need not exist any more. @throws {Problem} `bad_request` */
function idIn(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (PROVIDER_ID.test(id) && Buffer.from(id).toString('base64url') === cursor) return id;
  throw badRequest([{ field: 'cursor', message: 'expected the nextCursor of an answer, got something else' }]);
}
