/**
 * Leads many probes through their steps so that one core measures the providers and not itself: when each opens its
 * connection (pace-starts.ts), sends its request (pace-gate.ts), and deals with its answer (pace-settling.ts).
 */

import { Gate } from './gate.ts';
import { type Waiter, waitIn } from './queue.ts';
import { Settling } from './settling.ts';
import { Starts } from './starts.ts';

/** What a provider without history is taken for. Too low only makes its request wait, too high spoils the measurement. */
const UNKNOWN_EXPECTED_MS = 300;

/** One probe's way through the pacing; its steps in this order. */
export interface Place {
  /**
   * Resolves when the connection may be opened. Rejects with what the signal aborted with.
   *
   * @param cold Whether there is a handshake to do.
   */
  start(cold: boolean, signal: AbortSignal): Promise<void>;
  /** Resolves when the request may be sent. Call it when the connection is ready. Rejects with what the signal aborted with. */
  send(signal: AbortSignal): Promise<void>;
  /**
   * Resolves when there is time to judge and store the answer; at once when the signal aborts. Call it when the answer is
   * read and timed.
   */
  settle(signal: AbortSignal): Promise<void>;
  /** Always to be called at the end. */
  leave(): void;
}

/** For a probe that is alone: no waiting. */
export const UNPACED: Place = {
  start: () => Promise.resolve(),
  send: () => Promise.resolve(),
  settle: () => Promise.resolve(),
  leave: () => {},
};

export class Pacer {
  readonly #starts = new Starts();
  readonly #gate: Gate;
  readonly #settling = new Settling();
  readonly #members = new Set<Waiter>();
  /** Requests whose answers may come at any moment. */
  readonly #sent = new Set<Waiter>();

  constructor(now: () => number) {
    this.#gate = new Gate(now, this.#starts);
  }

  /** @param expectedMs The provider's usual response time; null when nothing is known. */
  place(expectedMs: number | null): Place {
    const member: Waiter = { expectedMs: expectedMs ?? UNKNOWN_EXPECTED_MS, cold: true, go: () => {} };
    this.#members.add(member);
    return {
      start: (cold, signal) => {
        member.cold = cold;
        return waitIn(this.#starts, member, signal);
      },
      send: async (signal) => {
        this.#starts.connected(member);
        await waitIn(this.#gate, member, signal);
        this.#sent.add(member);
      },
      settle: (signal) => {
        this.#sent.delete(member);
        return waitIn(this.#settling, member, signal).catch(() => {});
      },
      leave: () => this.#leave(member),
    };
  }

  /** To be called about every millisecond while any place is taken. */
  beat(now: number): void {
    this.#starts.beat(now);
    this.#gate.beat(now);
    this.#settling.beat(now, this.#sent.size + this.#gate.pending + this.#starts.pending > 0);
  }

  #leave(member: Waiter): void {
    for (const queue of [this.#starts, this.#gate, this.#settling]) queue.remove(member);
    this.#sent.delete(member);
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    this.#starts.reset();
    this.#gate.reset();
  }
}
