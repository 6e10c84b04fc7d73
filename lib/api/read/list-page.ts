/** A page of a list of providers. The list is read whole: its filters look at every status anyway. */

import { PROVIDER_ID } from '../../health/provider.ts';
import { badRequest } from '../http/problem.ts';

export interface ListPaging {
  /** Absent: all that follow. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before; absent: from the beginning. */
  cursor?: string | undefined;
}

/**
 * @param list In the order of the ids.
 * @throws {Problem} `bad_request` when the cursor is none of an answer.
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

/** The id after which the page begins. It is only ever compared. @throws {Problem} `bad_request` */
function idIn(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (PROVIDER_ID.test(id) && Buffer.from(id).toString('base64url') === cursor) return id;
  throw badRequest([{ field: 'cursor', message: 'expected the nextCursor of an answer, got something else' }]);
}
