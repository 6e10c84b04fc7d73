/** Reads a single item. If it cannot be understood, the request fails. Lists leave such an item out instead. */

import { ItemError } from '../items/fields.ts';
import { StoreError } from '../store.ts';

/** @throws {StoreError} `unreadable` when the item cannot be understood. The message names the item (`what`). */
export function readable<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    throw new StoreError('unreadable', `${what}: ${error.message}`, { cause: error });
  }
}
