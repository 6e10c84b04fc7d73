/**
 * TLS sessions of origins, to be resumed by the next tick of a process that lives: a resumed handshake costs less than
 * half. It shows no certificate, so each origin has a full one at least every 10 minutes.
 */

import { MINUTE_MS } from '../../base/time.ts';

/** A tick of a minute less than 10 minutes, so that no tick has to come on time. */
const FULL_EVERY_MS = 9 * MINUTE_MS;
/** Of an origin. Servers send two or four with each connection; several providers may share an origin. */
const MOST_TICKETS = 8;

export interface SessionClock {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

interface Known {
  /** When the next handshake has to be a full one. */
  fullAt: number;
  /** The newest last. */
  tickets: Buffer[];
}

export class Sessions {
  readonly #clock: SessionClock;
  readonly #known = new Map<string, Known>();

  constructor(clock: SessionClock) {
    this.#clock = clock;
  }

  /** A ticket for one handshake, given out once: a server that sees one twice can recognise the client. */
  take(origin: string): Buffer | undefined {
    const known = this.#known.get(origin);
    if (known === undefined) return undefined;
    if (this.#clock.now() < known.fullAt) return known.tickets.pop();
    known.tickets = [];
    return undefined;
  }

  /** A full handshake ended well: its certificate was good. */
  verified(origin: string): void {
    const first = !this.#known.has(origin);
    // All origins are seen first at the same time; their next full handshakes are spread over the ticks to come.
    const inMs = first ? FULL_EVERY_MS * this.#clock.random() : FULL_EVERY_MS;
    this.#known.set(origin, { fullAt: this.#clock.now() + inMs, tickets: [] });
  }

  /** Keeps a ticket of a connection whose certificate was good, now or when its own session began. */
  keep(origin: string, ticket: Buffer): void {
    const tickets = this.#known.get(origin)?.tickets;
    if (tickets === undefined) return;
    tickets.push(ticket);
    if (tickets.length > MOST_TICKETS) tickets.shift();
  }

  /** The handshake failed, for any reason: the next one begins anew. */
  forget(origin: string): void {
    const known = this.#known.get(origin);
    if (known !== undefined) known.tickets = [];
  }
}
