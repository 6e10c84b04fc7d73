/**
 * When answers that were read are judged and stored: this costs more than reading one, so it is done beside reading, a
 * few on each beat, and not in the way of handshakes or of the answers that are arriving.
 */

import type { Queue, Waiter } from './queue.ts';

/** A beat that comes later than this shows an overloaded core. */
const LATE_BEAT_MS = 2;
/** The longest that an answer waits for the last handshake: its status is to be readable within 2 s (T1). */
const LONGEST_HOLD_MS = 1000;

/** What else the core has to do. */
export interface OtherWork {
  /** Whether more answers are to be read. */
  measuring: boolean;
  /** Whether there are handshakes to do. */
  connecting: boolean;
}

export class Settling implements Queue {
  readonly #now: () => number;
  /** With the time of each; the first to be answered first. */
  readonly #answered = new Map<Waiter, number>();
  #lastBeatAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get pending(): number {
    return this.#answered.size;
  }

  add(waiter: Waiter): void {
    this.#answered.set(waiter, this.#now());
  }

  remove(waiter: Waiter): void {
    this.#answered.delete(waiter);
  }

  beat(now: number, { measuring, connecting }: OtherWork): void {
    // At least one, or a core that is never free would judge none.
    const some = now - this.#lastBeatAt > LATE_BEAT_MS ? 1 : 2;
    this.#lastBeatAt = now;
    let left = measuring ? some : this.#answered.size;
    for (const [waiter, since] of this.#answered) {
      if (left === 0 || (connecting && now - since < LONGEST_HOLD_MS)) return;
      left -= 1;
      this.#answered.delete(waiter);
      waiter.go();
    }
  }
}
