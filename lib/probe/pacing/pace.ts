/**
 * Schedules the steps of many probes, so that a single core measures the providers and not its own load: when each
 * probe opens its connection (starts.ts), sends its request (gate.ts), and judges its answer (settling.ts).
 */

import { Gate } from './gate.ts';
import type { Need } from './loop-lag.ts';
import { type Waiter, waitIn } from './queue.ts';
import { Settling } from './settling.ts';
import { SingleProbes } from './single-probes.ts';
import type { Sockets } from './sockets.ts';
import { Starts } from './starts.ts';

/**
 * Assumed response time of a provider without history. If it is too low, the request only waits longer; if it is too
 * high, the measurement suffers.
 */
const UNKNOWN_EXPECTED_MS = 300;
/**
 * An answer is expected between these multiples of the usual response time. Outside of them the beats may be far apart,
 * and an answer that comes then is marked.
 */
const NEAR_FROM = 0.4;
const NEAR_UNTIL = 3;
/** Margin for the last slow beats, and for providers that answer within milliseconds. */
const NEAR_MARGIN_MS = 100;

/** Which connection a probe uses. A new one needs a handshake. */
export type ConnectionUse = 'new' | 'kept';

/** A probe's place in the queues. Its steps are called in this order. */
export interface Place {
  /** Resolves when the connection may be opened or used. Rejects with the signal's reason. */
  start(use: ConnectionUse, signal: AbortSignal): Promise<void>;
  /**
   * To be called when the connection is ready. Resolves when the request may be sent. Rejects with the signal's reason.
   */
  send(signal: AbortSignal): Promise<void>;
  /**
   * To be called when the answer is read and timed. Resolves when there is time to judge and store it, or when the
   * signal aborts.
   */
  settle(signal: AbortSignal): Promise<void>;
  /** Must be called at the end, when the connection is closed or kept. */
  leave(): void;
}

export class Pacer {
  readonly #sockets: Sockets;
  readonly #starts: Starts;
  readonly #gate: Gate;
  readonly #settling: Settling;
  readonly #single: SingleProbes;
  readonly #now: () => number;
  readonly #members = new Set<Waiter>();
  /** Sent requests without an answer yet, with the time of sending. */
  readonly #sent = new Map<Waiter, number>();

  constructor(now: () => number, sockets: Sockets) {
    this.#now = now;
    this.#sockets = sockets;
    this.#starts = new Starts(sockets);
    this.#gate = new Gate(now, this.#starts);
    this.#settling = new Settling(now);
    this.#single = new SingleProbes(sockets);
  }

  /** @param expectedMs The provider's usual response time; null: not known. */
  place(expectedMs: number | null): Place {
    const member: Waiter = { expectedMs: expectedMs ?? UNKNOWN_EXPECTED_MS, cold: true, go: () => {} };
    this.#members.add(member);
    return {
      start: (use, signal) => {
        member.cold = use === 'new';
        return waitIn(this.#starts, member, signal);
      },
      send: async (signal) => {
        this.#starts.connected(member);
        await waitIn(this.#gate, member, signal);
        this.#sent.set(member, this.#now());
      },
      settle: (signal) => {
        this.#sent.delete(member);
        return waitIn(this.#settling, member, signal).catch(() => {});
      },
      leave: () => this.#leave(member),
    };
  }

  /** The place of a single probe. It waits only until it may open a connection. */
  singlePlace(expectedMs: number | null): Place {
    const member: Waiter = { expectedMs: expectedMs ?? UNKNOWN_EXPECTED_MS, cold: true, go: () => {} };
    return {
      start: (use, signal) => (use === 'new' ? waitIn(this.#single, member, signal) : Promise.resolve()),
      send: async () => {
        this.#sent.set(member, this.#now());
      },
      settle: async () => {
        this.#sent.delete(member);
      },
      leave: () => {
        this.#single.remove(member);
        this.#sent.delete(member);
        this.#sockets.release(member);
      },
    };
  }

  /** To be called on each beat while a place is taken. @returns How soon the next beat is needed. */
  beat(now: number): Need {
    this.#single.beat();
    this.#starts.beat(now);
    this.#gate.beat(now);
    const waiting = this.#starts.pending + this.#gate.pending;
    this.#settling.beat(now, {
      measuring: waiting + this.#sent.size > 0,
      connecting: this.#starts.handshakesLeftMs(now) > 0,
    });
    const isLeading = waiting + this.#settling.pending + this.#single.pending > 0;
    return isLeading || this.#isAnyNear(now) ? 'busy' : 'quiet';
  }

  #isAnyNear(now: number): boolean {
    for (const [{ expectedMs }, sentAt] of this.#sent) {
      const waitedMs = now - sentAt;
      if (waitedMs < NEAR_FROM * expectedMs - NEAR_MARGIN_MS) continue;
      if (waitedMs < NEAR_UNTIL * expectedMs + NEAR_MARGIN_MS) return true;
    }
    return false;
  }

  #leave(member: Waiter): void {
    for (const queue of [this.#starts, this.#gate, this.#settling]) queue.remove(member);
    this.#sent.delete(member);
    this.#sockets.release(member);
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    this.#starts.reset();
    this.#gate.reset();
  }
}
