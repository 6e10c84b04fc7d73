/**
 * Cursors of paged lists: the position after which the next page begins, in a form that callers do not read. A
 * checksum detects mistakes, and a cursor of another list. It is no signature and need not be: a position is only ever
 * used inside the partition and the times that the request itself names.
 */

import { createHash } from 'node:crypto';
import { StoreError } from './store.ts';

/** The list that a cursor belongs to. */
export interface CursorScope {
  list: 'checks' | 'transitions';
  /** Null: the list of all providers. */
  provider: string | null;
}

/** Fewer bytes would let a mistake pass now and then; more only make URLs longer. */
const CHECKSUM_BYTES = 9;
/** Longer than any cursor of ours: a time, `#` and an id. */
const LONGEST_CURSOR = 200;

export function encodeCursor(scope: CursorScope, position: string): string {
  return Buffer.concat([checksum(scope, position), Buffer.from(position)]).toString('base64url');
}

/**
 * The position in a cursor.
 *
 * @throws {StoreError} `bad_cursor` when it was not given out for this list.
 */
export function decodeCursor(scope: CursorScope, cursor: string): string {
  const bytes = Buffer.from(cursor.slice(0, LONGEST_CURSOR), 'base64url');
  const position = bytes.subarray(CHECKSUM_BYTES).toString();
  // Encoding it again also refuses what the lenient decoding of base64 lets pass.
  if (encodeCursor(scope, position) !== cursor) throw badCursor(scope);
  return position;
}

export function badCursor({ list, provider }: CursorScope): StoreError {
  const of = provider === null ? list : `${list} of ${provider}`;
  return new StoreError(
    'bad_cursor',
    `cursor: expected the one that came with the page before, of the same ${of} and times, got another. Begin again without a cursor.`,
  );
}

function checksum({ list, provider }: CursorScope, position: string): Buffer {
  const scoped = JSON.stringify(['provider-health cursor 1', list, provider, position]);
  return createHash('sha256').update(scoped).digest().subarray(0, CHECKSUM_BYTES);
}
