/** Reads one item that was asked for by its key, where there is nothing else to answer with. */

import { ItemError } from '../items/fields.ts';
import { StoreError } from '../store.ts';

/** @throws {StoreError} `unreadable`, naming the item, when it cannot be understood. */
export function readable<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    throw new StoreError('unreadable', `${what}: ${error.message}`, { cause: error });
  }
}
