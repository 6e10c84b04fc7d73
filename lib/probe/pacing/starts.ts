/**
 * Decides when connections are opened: the slowest provider first, so that the others connect while it answers; at a
 * limited pace; and with few handshakes at the same time.
 */

import type { CoreLoad } from './gate.ts';
import type { Queue, Waiter } from './queue.ts';
import type { Sockets } from './sockets.ts';

/** Cost of a TLS handshake on a Lambda's core. If they were started faster, they would queue, and answers with them. */
const COLD_EVERY_MS = 1.3;
/** A request over a kept connection costs less than half as much. */
const WARM_EVERY_MS = 0.6;
/** The most handshakes at the same time. More would only wait for the core. */
const MAX_HANDSHAKES = 4;
/**
 * After this many beats, a handshake waits for the network and not for the core, and frees its place. So over a real
 * network only the pace limits the starts, and a hanging provider delays no other. It is counted in beats, which come
 * late while the core is busy, so that handshakes that wait for the core keep their places.
 */
const HANDSHAKE_LEASE_BEATS = 5;
/**
 * After this many beats, requests do not wait for a handshake any more: most have ended by then, and a hanging one must
 * not delay others.
 */
const AWAITED_BEATS = 250;
/** Number of started handshakes after which the observed pace counts. */
const SEEN_ENOUGH = 10;

export class Starts implements Queue, CoreLoad {
  readonly #sockets: Pick<Sockets, 'take' | 'free'>;
  /** When sorted, the fastest comes first, so that `pop` takes the slowest. */
  #waiting: Waiter[] = [];
  #sorted = true;
  #coldWaiting = 0;
  /** Running handshakes, with the number of the beat in which each began. */
  readonly #handshakes = new Map<Waiter, number>();
  #beats = 0;
  #nextAt = 0;
  #lastBeatAt = 0;
  #coldStarts = 0;
  #firstStartAt = 0;
  #lastStartAt = 0;

  constructor(sockets: Pick<Sockets, 'take' | 'free'>) {
    this.#sockets = sockets;
  }

  /** Number of probes that wait or have no ready connection yet. */
  get pending(): number {
    return this.#waiting.length + this.#handshakes.size;
  }

  add(waiter: Waiter): void {
    this.#waiting.push(waiter);
    this.#sorted = false;
    if (waiter.cold) this.#coldWaiting += 1;
  }

  remove(waiter: Waiter): void {
    this.#handshakes.delete(waiter);
    const index = this.#waiting.indexOf(waiter);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    if (waiter.cold) this.#coldWaiting -= 1;
  }

  /** To be called when a handshake is over. */
  connected(waiter: Waiter): void {
    this.#handshakes.delete(waiter);
  }

  beat(now: number): void {
    this.#beats += 1;
    // Leave out time in which no connection may be opened, since it does not show the core's speed.
    if (this.#coldWaiting > 0 && this.#sockets.free <= 0) this.#firstStartAt += now - this.#lastBeatAt;
    this.#lastBeatAt = now;
    if (!this.#sorted) this.#waiting.sort((a, b) => a.expectedMs - b.expectedMs);
    this.#sorted = true;
    // A late beat allows only one start. Otherwise a burst would follow a stall.
    this.#nextAt = Math.max(this.#nextAt, now - COLD_EVERY_MS);
    while (now >= this.#nextAt && this.#handshakesBegunWithin(HANDSHAKE_LEASE_BEATS) < MAX_HANDSHAKES) {
      const waiter = this.#waiting.at(-1);
      if (waiter === undefined || (waiter.cold && !this.#sockets.take(waiter))) return;
      this.#waiting.pop();
      this.#nextAt += waiter.cold ? COLD_EVERY_MS : WARM_EVERY_MS;
      if (waiter.cold) this.#beginHandshake(waiter, now);
      waiter.go();
    }
  }

  handshakesLeftMs(now: number): number {
    // Not counted: probes that wait for a free connection. Their handshakes come only after other answers.
    const startable = Math.min(this.#coldWaiting, this.#sockets.free);
    return (this.#handshakesBegunWithin(AWAITED_BEATS) + startable) * COLD_EVERY_MS * this.slowness(now);
  }

  slowness(now: number): number {
    if (this.#coldStarts < SEEN_ENOUGH) return 1;
    // Time without a start shows the core's speed only while probes wait.
    const until = this.#coldWaiting > 0 ? now : this.#lastStartAt;
    return Math.max(1, (until - this.#firstStartAt) / this.#coldStarts / COLD_EVERY_MS);
  }

  /** Forgets the observed pace. To be called when no probe is left. */
  reset(): void {
    this.#coldStarts = 0;
  }

  #beginHandshake(waiter: Waiter, now: number): void {
    if (this.#coldStarts === 0) this.#firstStartAt = now;
    this.#lastStartAt = now;
    this.#coldStarts += 1;
    this.#coldWaiting -= 1;
    this.#handshakes.set(waiter, this.#beats);
  }

  /** Number of running handshakes that began within this many beats. */
  #handshakesBegunWithin(beats: number): number {
    let count = 0;
    for (const beat of this.#handshakes.values()) if (this.#beats - beat < beats) count += 1;
    return count;
  }
}
