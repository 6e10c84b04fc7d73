/**
 * Decides when connections are begun: the slowest provider first, so that the others are set up while it answers;
 * paced; and with few handshakes at work at once.
 */

import type { CoreLoad } from './gate.ts';
import type { Queue, Waiter } from './queue.ts';
import type { Sockets } from './sockets.ts';

/** What a TLS handshake costs on a core of a Lambda; started faster, they would queue, and answers among them. */
const COLD_EVERY_MS = 1.3;
/** A request over a kept connection costs less than half of that. */
const WARM_EVERY_MS = 0.6;
/** Handshakes that may be at work at once. More gain nothing, since they wait for the core. */
const MAX_HANDSHAKES = 4;
/**
 * After this many beats a handshake waits for the network and not for the core, so its place is free again: over a real
 * network the pace alone holds them back, and a provider that never answers holds back no other. Counted in beats, which
 * come late while the core is busy, so that handshakes which do wait for the core keep their places.
 */
const HANDSHAKE_LEASE_BEATS = 5;
/**
 * After this many beats no request waits for a handshake to end: over most networks it has ended by then, and one that
 * hangs must hold up no other's request.
 */
const AWAITED_BEATS = 250;
/** Handshakes begun before the pace that they are seen to take is believed. */
const SEEN_ENOUGH = 10;

export class Starts implements Queue, CoreLoad {
  readonly #sockets: Pick<Sockets, 'take' | 'free'>;
  /** Fastest first, so that the slowest is popped. */
  #waiting: Waiter[] = [];
  #sorted = true;
  #coldWaiting = 0;
  /** With the number of the beat on which each was begun. */
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

  /** Probes that wait, or whose connection is not ready. */
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

  /** Its handshake is over. */
  connected(waiter: Waiter): void {
    this.#handshakes.delete(waiter);
  }

  beat(now: number): void {
    this.#beats += 1;
    // Time in which no connection may be opened does not show how fast the core is.
    if (this.#coldWaiting > 0 && this.#sockets.free <= 0) this.#firstStartAt += now - this.#lastBeatAt;
    this.#lastBeatAt = now;
    if (!this.#sorted) this.#waiting.sort((a, b) => a.expectedMs - b.expectedMs);
    this.#sorted = true;
    // A late beat allows one start at most, or a burst would follow a stall.
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
    // Those that wait for a connection to be closed come after the answers that close them.
    const startable = Math.min(this.#coldWaiting, this.#sockets.free);
    return (this.#handshakesBegunWithin(AWAITED_BEATS) + startable) * COLD_EVERY_MS * this.slowness(now);
  }

  slowness(now: number): number {
    if (this.#coldStarts < SEEN_ENOUGH) return 1;
    // Only while some wait does time without a start show how fast the core is.
    const until = this.#coldWaiting > 0 ? now : this.#lastStartAt;
    return Math.max(1, (until - this.#firstStartAt) / this.#coldStarts / COLD_EVERY_MS);
  }

  /** Forgets the pace that was seen. Call it when no probe is left: the next come after a pause. */
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

  /** Of those that have not ended. */
  #handshakesBegunWithin(beats: number): number {
    let count = 0;
    for (const beat of this.#handshakes.values()) if (this.#beats - beat < beats) count += 1;
    return count;
  }
}
