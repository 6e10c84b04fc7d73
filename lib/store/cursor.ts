/**
 * Cursors of paged lists: the position after which the next page begins, as an opaque text. A checksum detects mistakes, and a
 * cursor of another list. It is not a signature, and none is needed: the position is used only within the list and the times
 * that the request names.
 */

import { createHash } from 'node:crypto';
import { StoreError } from './store.ts';

/** The list that a cursor belongs to. */
export interface CursorScope {
  list: 'checks' | 'transitions';
  /** Null: the list of all providers. */
  provider: string | null;
}

/** Enough to detect every mistake in practice. More bytes would only make URLs longer. */
const CHECKSUM_BYTES = 9;
/** Longer than any valid cursor, which contains a time, `#` and an id. */
const LONGEST_CURSOR = 200;

export function encodeCursor(scope: CursorScope, position: string): string {
  return Buffer.concat([checksum(scope, position), Buffer.from(position)]).toString('base64url');
}

/**
 * The position in a cursor.
 *
 * @throws {StoreError} `bad_cursor` when the cursor does not belong to this list.
 */
export function decodeCursor(scope: CursorScope, cursor: string): string {
  const bytes = Buffer.from(cursor.slice(0, LONGEST_CURSOR), 'base64url');
  const position = bytes.subarray(CHECKSUM_BYTES).toString();
  // Compare with the cursor of this position, because decoding base64 ignores wrong characters.
  if (encodeCursor(scope, position) !== cursor) throw badCursor(scope);
  return position;
}

export function badCursor({ list, provider }: CursorScope): StoreError {
  const of = provider === null ? list : `${list} of ${provider}`;
  return new StoreError(
    'bad_cursor',
    `cursor: expected the cursor of the previous page, for the same ${of} and the same times, got another. Begin again without a cursor.`,
  );
}

function checksum({ list, provider }: CursorScope, position: string): Buffer {
  const scoped = JSON.stringify(['provider-health cursor 1', list, provider, position]);
  return createHash('sha256').update(scoped).digest().subarray(0, CHECKSUM_BYTES);
}
