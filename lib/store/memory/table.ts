/**
 * Items by partition and sort key, in the process. Each is kept as a text, and the names of its attributes once for all items
 * that have the same: a sixth of the heap of an object, and no one can change it by a reference he still has.
 */

import type { Key } from '../items/keys.ts';
import type { Item } from '../items/kinds.ts';

interface Partition {
  /** Sort keys in order. */
  keys: string[];
  /** As JSON the number of its shape, and the values: `[7,true,"healthy",…]`. */
  texts: Map<string, string>;
}

/** The names of the attributes of many items, but for the key. */
type Shape = readonly string[];

/** Nothing is lost between a write and its answer here, so writes need no names. */
export const NO_WRITE_ID = '';

export class MemoryTable {
  readonly #partitions = new Map<string, Partition>();
  /** As many as there are kinds of items, times what each leaves out: some hundreds at most. */
  readonly #shapes: Shape[] = [];
  readonly #numbers = new Map<string, number>();

  get({ pk, sk }: Key): Item | null {
    const text = this.#partitions.get(pk)?.texts.get(sk);
    return text === undefined ? null : this.#unpacked({ pk, sk }, text);
  }

  /** @param most Items that the partition keeps, those with the greatest sort keys; absent: all. */
  put(item: Item & Partial<Key>, most = Number.POSITIVE_INFINITY): void {
    const { pk = '', sk = '' } = item;
    // An empty partition takes half a kilobyte.
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

  /** All items of a partition in the order of their sort keys. */
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
      // The place found is that of the first key not below `last`: which may be above it, or none.
      if (sk === undefined || text === undefined || sk > last) continue;
      if (sk < first) return;
      yield this.#unpacked({ pk, sk }, text);
    }
  }

  /** Drops the first items of each partition for as long as they are over, and partitions that are empty then. */
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

/** Index of the first key that is not below `sk`. Keys arrive in order of time, so the end is looked at first. */
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
