/** The items of a table in memory that have not expired. */

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

  /** Of a partition, in the order of their keys. */
  list(pk: string): Item[] {
    return this.#table.list(pk).filter((item) => !isExpired(item, this.#now()));
  }

  /** Of a range of keys, both ends included, in their order. */
  between({ pk, first, last }: { pk: string; first: string; last: string }): Item[] {
    return [...this.#table.descending(pk, first, last)].filter((item) => !isExpired(item, this.#now())).reverse();
  }
}
