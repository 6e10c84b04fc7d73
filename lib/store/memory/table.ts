/**
 * A table in memory: items by partition and sort key. An item is kept as a text, and the names of its attributes are stored once
 * for all items with the same names. This needs a sixth of the heap of objects, and callers cannot change a stored item.
 */

import type { Key } from '../items/keys.ts';
import type { Item } from '../items/kinds.ts';

interface Partition {
  /** Sort keys in order. */
  keys: string[];
  /** The items by sort key, as JSON: the number of the shape, then the values, such as `[7,true,"healthy",…]`. */
  texts: Map<string, string>;
}

/** The names of an item's attributes, without the key. Many items share a shape. */
type Shape = readonly string[];

/** In memory no answer to a write can be lost, so writes need no ids. */
export const NO_WRITE_ID = '';

export class MemoryTable {
  readonly #partitions = new Map<string, Partition>();
  /** One for each combination of attributes: a few hundred at most. */
  readonly #shapes: Shape[] = [];
  readonly #numbers = new Map<string, number>();

  get({ pk, sk }: Key): Item | null {
    const text = this.#partitions.get(pk)?.texts.get(sk);
    return text === undefined ? null : this.#unpacked({ pk, sk }, text);
  }

  /** @param most How many items the partition keeps: those with the greatest sort keys. Default: all. */
  put(item: Item & Partial<Key>, most = Number.POSITIVE_INFINITY): void {
    const { pk = '', sk = '' } = item;
    // Create no partition for nothing: an empty one needs half a kilobyte.
    if (most === 0) return;
    const partition = this.#partitions.get(pk) ?? { keys: [], texts: new Map() };
    this.#partitions.set(pk, partition);
    if (!partition.texts.has(sk)) partition.keys.splice(placeOf(partition.keys, sk), 0, sk);
    partition.texts.set(sk, this.#packed(item));
    while (partition.keys.length > most) this.#drop(partition, 0);
  }

  delete({ pk, sk }: Key): void {
    const partition = this.#partitions.get(pk);
    if (partition?.texts.has(sk)) this.#drop(partition, placeOf(partition.keys, sk));
  }

  /** All items of a partition, ordered by sort key. */
  list(pk: string): Item[] {
    return [...(this.#partitions.get(pk)?.texts ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([sk, text]) => this.#unpacked({ pk, sk }, text));
  }

  /** Items with sort keys from `last` down to `first`, both inclusive, one by one. */
  *descending(pk: string, first: string, last: string): Generator<Item> {
    const partition = this.#partitions.get(pk);
    if (!partition) return;
    for (let place = placeOf(partition.keys, last); place >= 0; place--) {
      const sk = partition.keys[place];
      const text = sk === undefined ? undefined : partition.texts.get(sk);
      // The first place may be the end of the list, or have a key above `last`: skip it.
      if (sk === undefined || text === undefined || sk > last) continue;
      if (sk < first) return;
      yield this.#unpacked({ pk, sk }, text);
    }
  }

  /** Removes items from the start of each partition while `isOver` holds, and then empty partitions. */
  dropFirstWhile(isOver: (item: Item) => boolean): void {
    for (const [pk, partition] of this.#partitions) {
      for (let [sk] = partition.keys; sk !== undefined; [sk] = partition.keys) {
        const item = this.get({ pk, sk });
        if (item === null || !isOver(item)) break;
        this.#drop(partition, 0);
      }
      if (partition.keys.length === 0) this.#partitions.delete(pk);
    }
  }

  #packed({ pk: _, sk: __, ...item }: Item): string {
    const names = Object.keys(item).filter((name) => item[name] !== undefined);
    const shape = names.join();
    const number = this.#numbers.get(shape) ?? this.#shapes.push(names) - 1;
    this.#numbers.set(shape, number);
    return JSON.stringify([number, ...names.map((name) => item[name])]);
  }

  #unpacked(key: Key, text: string): Item {
    const [number, ...values]: [number, ...unknown[]] = JSON.parse(text);
    const item: Record<string, unknown> = { ...key };
    for (const [index, name] of (this.#shapes[number] ?? []).entries()) item[name] = values[index];
    return item;
  }

  #drop(partition: Partition, place: number): void {
    for (const sk of partition.keys.splice(place, 1)) partition.texts.delete(sk);
  }
}

/** Index of the first key that is not below `sk`. It tries the end first, because keys mostly arrive in order. */
function placeOf(keys: readonly string[], sk: string): number {
  const newest = keys.at(-1);
  if (newest === undefined || newest < sk) return keys.length;
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < sk) low = middle + 1;
    else high = middle;
  }
  return low;
}
