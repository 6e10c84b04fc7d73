/**
 * TLS sessions of origins, for the next tick of a running process. A resumed handshake costs less than half of a full
 * one. It shows no certificate, so each origin gets a full handshake at least every 10 minutes.
 */

import { MINUTE_MS } from '../../base/time.ts';

/** One tick of a minute less than 10 minutes, so that a late tick does not exceed the 10 minutes. */
const FULL_EVERY_MS = 9 * MINUTE_MS;
/**
 * The most tickets of an origin. Servers send two or four with each connection, and several providers may share an
 * origin.
 */
const MOST_TICKETS = 8;

export interface SessionClock {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

interface Known {
  /** From this time on, the next handshake must be a full one. */
  fullAt: number;
  /** The newest ticket is the last. */
  tickets: Buffer[];
}

export class Sessions {
  readonly #clock: SessionClock;
  readonly #known = new Map<string, Known>();

  constructor(clock: SessionClock) {
    this.#clock = clock;
  }

  /**
   * Returns a ticket for one handshake. Each ticket is used once, since a server could recognise a client by a repeated
   * one.
   */
  take(origin: string): Buffer | undefined {
    const known = this.#known.get(origin);
    if (known === undefined) return undefined;
    if (this.#clock.now() < known.fullAt) return known.tickets.pop();
    known.tickets = [];
    return undefined;
  }

  /** To be called after a full handshake with a valid certificate. */
  verified(origin: string): void {
    const first = !this.#known.has(origin);
    // All origins are new at the same time, so spread their next full handshakes over the following ticks.
    const inMs = first ? FULL_EVERY_MS * this.#clock.random() : FULL_EVERY_MS;
    this.#known.set(origin, { fullAt: this.#clock.now() + inMs, tickets: [] });
  }

  /** Keeps a ticket of a connection with a certificate that was verified, now or in the session that it resumed. */
  keep(origin: string, ticket: Buffer): void {
    const tickets = this.#known.get(origin)?.tickets;
    if (tickets === undefined) return;
    tickets.push(ticket);
    if (tickets.length > MOST_TICKETS) tickets.shift();
  }

  /** To be called after a failed handshake. The next one is a full one. */
  forget(origin: string): void {
    const known = this.#known.get(origin);
    if (known !== undefined) known.tickets = [];
  }
}
