/**
 * Names of writes. The SDK sends a request again when its answer was lost; a conditional write that had succeeded then
 * fails on its own result, and only a name in the item distinguishes that from another write.
 */

import { randomBytes } from 'node:crypto';

/** 72 random bits: one item will not get the same name twice. */
export function newWriteId(): string {
  return randomBytes(9).toString('base64url');
}
