/**
 * Decides when requests are sent over ready connections. Each answer should be due after the last handshake, since it
 * would lie unread during one, and no two answers should be due at the same time. On a slow core, answers are spread
 * further.
 */

import type { Queue, Waiter } from './queue.ts';

/**
 * Time is divided into slots of this length, and each answer gets two: two to three times the CPU time of reading an
 * answer.
 */
const SLOT_MS = 0.3;
const SLOTS_EACH = 2;

/** The remaining work of the core, and its speed. */
export interface CoreLoad {
  /** Expected time of the remaining handshakes, at the pace observed since the first one. */
  handshakesLeftMs(now: number): number;
  /** How many times longer than planned the handshakes take, at least 1. More than 1 means a shared or slow core. */
  slowness(now: number): number;
}

export class Gate implements Queue {
  readonly #now: () => number;
  readonly #core: CoreLoad;
  /** When sorted, the slowest comes first. */
  #held: Waiter[] = [];
  #sorted = true;
  /** Numbers of the taken slots. */
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
    // All later ones in the list are due even sooner, so most beats look at few of the held requests, and end here.
    const [first] = this.#held;
    if (first === undefined || first.expectedMs < leftMs) return;
    const due = this.#held.findIndex(({ expectedMs }) => expectedMs < leftMs);
    const candidates = this.#held.splice(0, due < 0 ? this.#held.length : due);
    const slotsEach = this.#slotsEach(now);
    const going = new Set(candidates.filter((waiter) => this.#takeSlots(waiter, now, slotsEach)));
    this.#held.unshift(...candidates.filter((waiter) => !going.has(waiter)));
    for (const { go } of going) go();
  }

  /** Frees all slots. To be called when no probe is left. */
  reset(): void {
    this.#taken.clear();
  }

  #slotsEach(now: number): number {
    return Math.round(SLOTS_EACH * this.#core.slowness(now));
  }

  /** Takes the slots in which the answer will be due. @returns False when they are not free. */
  #takeSlots({ expectedMs }: Waiter, now: number, count: number): boolean {
    const first = Math.floor((now + expectedMs) / SLOT_MS);
    for (let slot = first; slot < first + count; slot += 1) if (this.#taken.has(slot)) return false;
    for (let slot = first; slot < first + count; slot += 1) this.#taken.add(slot);
    return true;
  }
}
