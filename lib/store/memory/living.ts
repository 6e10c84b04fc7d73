/** Reads the items of a table in memory that have not expired. */

import { isExpired } from '../items/expiry.ts';
import type { Key } from '../items/keys.ts';
import type { Item } from '../items/kinds.ts';
import type { MemoryTable } from './table.ts';

export class LivingItems {
  readonly #table: MemoryTable;
  readonly #now: () => Date;

  constructor(table: MemoryTable, now: () => Date) {
    this.#table = table;
    this.#now = now;
  }

  find(key: Key): Item | null {
    const item = this.#table.get(key);
    return item === null || isExpired(item, this.#now()) ? null : item;
  }

  /** The items of a partition, ordered by key. */
  list(pk: string): Item[] {
    return this.#table.list(pk).filter((item) => !isExpired(item, this.#now()));
  }

  /** The items of a range of keys, both ends inclusive, ordered by key. */
  between({ pk, first, last }: { pk: string; first: string; last: string }): Item[] {
    return [...this.#table.descending(pk, first, last)].filter((item) => !isExpired(item, this.#now())).reverse();
  }
}
