/**
 * Decides when answers are judged and stored. This costs more CPU than reading an answer. So only a few are done on
 * each beat, and none during handshakes, so as not to delay arriving answers.
 */

import type { Queue, Waiter } from './queue.ts';

/** A beat later than this shows an overloaded core. */
const LATE_BEAT_MS = 2;
/** The longest wait of an answer for the last handshake, since its status must be readable within 2 s (T1). */
const LONGEST_HOLD_MS = 1000;

/** The other work of the core. */
export interface OtherWork {
  /** Whether more answers are expected. */
  measuring: boolean;
  /** Whether handshakes remain. */
  connecting: boolean;
}

export class Settling implements Queue {
  readonly #now: () => number;
  /** Answered probes with the time of the answer, the oldest first. */
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
    // At least one, or an overloaded core would never judge an answer.
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
