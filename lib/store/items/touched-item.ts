/** The TOUCHED item. It changes with each write of a status outside of a tick, and contains only the id of the write. */

import { optional, SCHEMA_VERSION } from './fields.ts';
import { TOUCHED_KEY } from './keys.ts';
import type { Item } from './kinds.ts';

export function touchedItem(writeId: string): Item {
  return { ...TOUCHED_KEY, v: SCHEMA_VERSION, w: writeId };
}

/** @throws {ItemError} */
export function writeOfTouched(item: Item | null): string | null {
  return item === null ? null : optional(item, 'w', 'text', null);
}
