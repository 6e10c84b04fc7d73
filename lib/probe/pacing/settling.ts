/**
 * When answers that were read are judged and stored: this costs more than reading one, so it is done beside reading, a
 * few on each beat, and not in the way of the answers that are arriving.
 */

import type { Queue, Waiter } from './queue.ts';

/** A beat that comes later than this shows a core with more to do than it can. */
const LATE_BEAT_MS = 2;

export class Settling implements Queue {
  /** The first to be answered first. */
  readonly #answered: Waiter[] = [];
  #lastBeatAt = 0;

  get pending(): number {
    return this.#answered.length;
  }

  add(waiter: Waiter): void {
    this.#answered.push(waiter);
  }

  remove(waiter: Waiter): void {
    const index = this.#answered.indexOf(waiter);
    if (index >= 0) this.#answered.splice(index, 1);
  }

  /** @param measuring Whether more answers are to be read. */
  beat(now: number, measuring: boolean): void {
    // One at least, or a core that is never free would deal with none.
    const some = now - this.#lastBeatAt > LATE_BEAT_MS ? 1 : 2;
    this.#lastBeatAt = now;
    for (const { go } of this.#answered.splice(0, measuring ? some : this.#answered.length)) go();
  }
}
