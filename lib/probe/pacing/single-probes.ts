/** The queue of single probes, such as confirmations. They wait only while every connection is taken. */

import type { Queue, Waiter } from './queue.ts';
import type { Sockets } from './sockets.ts';

export class SingleProbes implements Queue {
  readonly #sockets: Pick<Sockets, 'take'>;
  readonly #waiting: Waiter[] = [];

  constructor(sockets: Pick<Sockets, 'take'>) {
    this.#sockets = sockets;
  }

  get pending(): number {
    return this.#waiting.length;
  }

  add(waiter: Waiter): void {
    if (this.#waiting.length === 0 && this.#sockets.take(waiter)) waiter.go();
    else this.#waiting.push(waiter);
  }

  remove(waiter: Waiter): void {
    const index = this.#waiting.indexOf(waiter);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  beat(): void {
    for (let [first] = this.#waiting; first !== undefined && this.#sockets.take(first); [first] = this.#waiting) {
      this.#waiting.shift();
      first.go();
    }
  }
}
