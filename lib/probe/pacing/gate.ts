/**
 * Decides when requests are sent over ready connections, so that each answer is due after the last handshake, in which
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
  /** Slowest first, when it is sorted. */
  #held: Waiter[] = [];
  #sorted = true;
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
    const now = this.#now();
    if (waiter.expectedMs >= this.#core.handshakesLeftMs(now) && this.#takeSlots(waiter, now, this.#slotsEach(now))) {
      waiter.go();
      return;
    }
    this.#held.push(waiter);
    this.#sorted = false;
  }

  remove(waiter: Waiter): void {
    const index = this.#held.indexOf(waiter);
    if (index >= 0) this.#held.splice(index, 1);
  }

  beat(now: number): void {
    if (this.#held.length === 0) return;
    if (!this.#sorted) this.#held.sort((a, b) => b.expectedMs - a.expectedMs);
    this.#sorted = true;
    const leftMs = this.#core.handshakesLeftMs(now);
    // All others are due even sooner. So most beats look at few of the held requests.
    const due = this.#held.findIndex(({ expectedMs }) => expectedMs < leftMs);
    const candidates = this.#held.splice(0, due < 0 ? this.#held.length : due);
    if (candidates.length === 0) return;
    const slotsEach = this.#slotsEach(now);
    const going = new Set(candidates.filter((waiter) => this.#takeSlots(waiter, now, slotsEach)));
    this.#held.unshift(...candidates.filter((waiter) => !going.has(waiter)));
    for (const { go } of going) go();
  }

  /** Forgets which answers are due. Call it when no probe is left. */
  reset(): void {
    this.#taken.clear();
  }

  #slotsEach(now: number): number {
    return Math.round(SLOTS_EACH * this.#core.slowness(now));
  }

  /** Whether the slots in which the answer would be due were free. */
  #takeSlots({ expectedMs }: Waiter, now: number, count: number): boolean {
    const first = Math.floor((now + expectedMs) / SLOT_MS);
    for (let slot = first; slot < first + count; slot += 1) if (this.#taken.has(slot)) return false;
    for (let slot = first; slot < first + count; slot += 1) this.#taken.add(slot);
    return true;
  }
}
