/**
 * The moments of one probe on the monotonic clock, and what is reported of them. connection.ts and http.ts
 * record the moments: at the socket, never around an `await`, whose continuation may come late.
 */

import type { Timings } from '../../health/check.ts';

/** How late something that is read now may be seen. loop-lag.ts measures it. */
export interface UnreadBound {
  unreadMs(at: number): number;
}

/** What has happened to a probe so far; times as `performance.now()` gives them, null until it happens. */
export class Trace {
  /** Its connection was begun, or its request was handed to a kept one. */
  startedAt: number = performance.now();
  lookedUpAt: number | null = null;
  /** TCP. */
  connectedAt: number | null = null;
  securedAt: number | null = null;
  writtenAt: number | null = null;
  statusAt: number | null = null;
  firstTokenAt: number | null = null;
  lastTokenAt: number | null = null;
  /** The answer was complete, or it failed. */
  endedAt: number | null = null;
  statusCode: number | null = null;
  newConnection: boolean | null = null;
  /** The TLS handshake resumed an earlier session. */
  resumed = false;
  /** The longest that what was timed can have lain unread. */
  unreadMs = 0;

  readonly #bound: UnreadBound;

  constructor(bound: UnreadBound) {
    this.#bound = bound;
  }

  /** An event with generated tokens came; one that is unpacked when the answer is complete already came no later. */
  token(): void {
    this.lastTokenAt = this.endedAt ?? performance.now();
    if (this.firstTokenAt !== null) return;
    this.firstTokenAt = this.lastTokenAt;
    this.#read(this.firstTokenAt);
  }

  /** The first call counts: what comes after an answer, or after a failure, does not belong to it. */
  end(): void {
    if (this.endedAt !== null) return;
    this.endedAt = performance.now();
    this.#read(this.endedAt);
  }

  #read(at: number): void {
    this.unreadMs = Math.max(this.unreadMs, this.#bound.unreadMs(at));
  }
}

/** Request written to the end; of a probe that failed before it wrote, start to failure. An integer ≥ 0. */
export function responseTimeMs(trace: Trace): number {
  return Math.max(0, Math.round(sinceMs(trace.writtenAt ?? trace.startedAt, trace.endedAt) ?? 0));
}

export function timingsOf(trace: Trace): Timings {
  const { startedAt, lookedUpAt, connectedAt, securedAt, writtenAt, statusAt, firstTokenAt, endedAt } = trace;
  return {
    dnsMs: tenths(sinceMs(startedAt, lookedUpAt)),
    connectMs: tenths(sinceMs(lookedUpAt ?? startedAt, connectedAt)),
    tlsMs: tenths(sinceMs(connectedAt, securedAt)),
    firstByteMs: tenths(sinceMs(writtenAt, statusAt)),
    firstTokenMs: tenths(sinceMs(writtenAt, firstTokenAt)),
    totalMs: tenths(setUpMs(trace) + (sinceMs(writtenAt ?? startedAt, endedAt) ?? 0)) ?? 0,
  };
}

/** Output tokens a second after the first one; null when they came at once, so that there is no speed. */
export function tokensPerSecond(trace: Trace, outputTokens: number): number | null {
  const spanMs = sinceMs(trace.firstTokenAt, trace.lastTokenAt);
  if (spanMs === null || spanMs < 1 || outputTokens < 2) return null;
  return Math.round(((outputTokens - 1) / spanMs) * 10_000) / 10;
}

/**
 * Start to connection ready. The time that a ready connection waited for its request is left out: it waited for us (see
 * pace.ts), and no application would have.
 */
function setUpMs({ startedAt, connectedAt, securedAt, writtenAt }: Trace): number {
  return writtenAt === null ? 0 : (sinceMs(startedAt, securedAt ?? connectedAt) ?? 0);
}

function sinceMs(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from;
}

/** A tenth of a millisecond is finer than a shared machine can measure. */
function tenths(ms: number | null): number | null {
  return ms === null ? null : Math.max(0, Math.round(ms * 10) / 10);
}
