/**
 * When requests are sent over connections that are ready: so that each answer is due after the last handshake, in which
 * it would lie unread, and no two at the same time; further apart where the core is slow.
 */

import type { Queue, Waiter } from './queue.ts';

/** Answers are due in slots of this length, and each has two to itself: two to three times what reading one costs. */
const SLOT_MS = 0.3;
const SLOTS_EACH = 2;

/** What the core has still to do, and how fast it is. */
export interface CoreLoad {
  /** How long the handshakes still to do will take, at the pace seen since the first of them. */
  handshakesLeftMs(now: number): number;
  /** How many times longer than planned the handshakes take, at least 1: a core that is shared, or slow. */
  slowness(now: number): number;
}

export class Gate implements Queue {
  readonly #now: () => number;
  readonly #core: CoreLoad;
  /** Slowest first. */
  #held: Waiter[] = [];
  /** Numbers of the slots in which an answer is due. */
  readonly #taken = new Set<number>();

  constructor(now: () => number, core: CoreLoad) {
    this.#now = now;
    this.#core = core;
  }

  get pending(): number {
    return this.#held.length;
  }

  add(waiter: Waiter): void {
    if (this.#passes(waiter, this.#now())) {
      waiter.go();
      return;
    }
    this.#held.push(waiter);
    this.#held.sort((a, b) => b.expectedMs - a.expectedMs);
  }

  remove(waiter: Waiter): void {
    const index = this.#held.indexOf(waiter);
    if (index >= 0) this.#held.splice(index, 1);
  }

  beat(now: number): void {
    if (this.#held.length === 0) return;
    const going: Waiter[] = [];
    this.#held = this.#held.filter((waiter) => {
      const passes = this.#passes(waiter, now);
      if (passes) going.push(waiter);
      return !passes;
    });
    for (const { go } of going) go();
  }

  /** Forgets which answers are due. To be called when nobody is left. */
  reset(): void {
    this.#taken.clear();
  }

  #passes({ expectedMs }: Waiter, now: number): boolean {
    if (expectedMs < this.#core.handshakesLeftMs(now)) return false;
    const first = Math.floor((now + expectedMs) / SLOT_MS);
    const count = Math.round(SLOTS_EACH * this.#core.slowness(now));
    const slots = Array.from({ length: count }, (_, index) => first + index);
    if (slots.some((slot) => this.#taken.has(slot))) return false;
    for (const slot of slots) this.#taken.add(slot);
    return true;
  }
}
