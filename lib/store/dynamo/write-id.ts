/**
 * Ids of writes. The client sends a request again when its answer was lost. A conditional write that had succeeded then fails,
 * because the item has changed. The id in the item shows that it was our own write.
 */

import { randomBytes } from 'node:crypto';

/** 72 random bits, so that two writes of one item never have the same id. */
export function newWriteId(): string {
  return randomBytes(9).toString('base64url');
}
