/** The cursors of lists that the API cuts into pages itself: the key of the last item of a page. */

import { badRequest, type Problem } from './problem.ts';

export function cursorAfter(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** The key in a cursor; null for a text that {@link cursorAfter} does not write. */
export function keyIn(cursor: string): string | null {
  const key = Buffer.from(cursor, 'base64url').toString();
  return cursorAfter(key) === cursor ? key : null;
}

export function badCursor(): Problem {
  return badRequest([{ field: 'cursor', message: 'expected the nextCursor of an answer, got something else' }]);
}
