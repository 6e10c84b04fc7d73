/**
 * When requests are sent over connections that are ready: so that each answer is due after the last handshake, in which
 * it would lie unread, and no two at the same time.
 */

import type { Queue, Waiter } from './pace-queue.ts';

/** Room for one answer: two to three times what reading one costs. */
const SLOT_MS = 0.6;

export class Gate implements Queue {
  readonly #now: () => number;
  readonly #handshakesLeftMs: (now: number) => number;
  /** Slowest first. */
  #held: Waiter[] = [];
  /** Numbers of the slots in which an answer is due. */
  readonly #taken = new Set<number>();

  constructor(now: () => number, handshakesLeftMs: (now: number) => number) {
    this.#now = now;
    this.#handshakesLeftMs = handshakesLeftMs;
  }

  get pending(): number {
    return this.#held.length;
  }

  add(waiter: Waiter): void {
    const now = this.#now();
    if (this.#passes(waiter, now, this.#handshakesLeftMs(now))) {
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
    const leftMs = this.#handshakesLeftMs(now);
    const going: Waiter[] = [];
    this.#held = this.#held.filter((waiter) => {
      const passes = this.#passes(waiter, now, leftMs);
      if (passes) going.push(waiter);
      return !passes;
    });
    for (const { go } of going) go();
  }

  /** Forgets which answers are due. To be called when nobody is left. */
  reset(): void {
    this.#taken.clear();
  }

  #passes({ expectedMs }: Waiter, now: number, handshakesLeftMs: number): boolean {
    if (expectedMs < handshakesLeftMs) return false;
    const slot = Math.floor((now + expectedMs) / SLOT_MS);
    if (this.#taken.has(slot)) return false;
    this.#taken.add(slot);
    return true;
  }
}
