/**
 * The times of one probe on the monotonic clock, and the figures that follow from them. connection.ts and http.ts
 * record the times at the socket, never around an `await`, since its continuation may run late.
 */

import type { Timings } from '../../health/check.ts';

/** How long something that is read now may have lain unread. loop-lag.ts measures it. */
export interface UnreadBound {
  unreadMs(at: number): number;
}

/** What has happened to a probe so far. Times are from `performance.now()`; null: not yet. */
export class Trace {
  /** When the new connection was started, or the request was passed to a kept one. */
  startedAt: number = performance.now();
  lookedUpAt: number | null = null;
  /** When TCP was connected. */
  connectedAt: number | null = null;
  securedAt: number | null = null;
  writtenAt: number | null = null;
  statusAt: number | null = null;
  firstTokenAt: number | null = null;
  lastTokenAt: number | null = null;
  /** When the answer was complete, or the probe failed. */
  endedAt: number | null = null;
  statusCode: number | null = null;
  newConnection: boolean | null = null;
  /** Whether the TLS handshake resumed an earlier session. */
  resumed = false;
  /** The longest time that a timed event can have lain unread. */
  unreadMs = 0;

  readonly #bound: UnreadBound;

  constructor(bound: UnreadBound) {
    this.#bound = bound;
  }

  /**
   * Records an event with generated tokens. If the answer is already complete, the event came no later than its end.
   */
  token(): void {
    this.lastTokenAt = this.endedAt ?? performance.now();
    if (this.firstTokenAt !== null) return;
    this.firstTokenAt = this.lastTokenAt;
    this.#read(this.firstTokenAt);
  }

  /** Records the end. Only the first call counts. */
  end(): void {
    if (this.endedAt !== null) return;
    this.endedAt = performance.now();
    this.#read(this.endedAt);
  }

  #read(at: number): void {
    this.unreadMs = Math.max(this.unreadMs, this.#bound.unreadMs(at));
  }
}

/** Time from the written request to the end; for a probe that failed before, from its start. An integer ≥ 0. */
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

/** Output tokens a second, after the first token; null when all came at once, so that there is no speed. */
export function tokensPerSecond(trace: Trace, outputTokens: number): number | null {
  const spanMs = sinceMs(trace.firstTokenAt, trace.lastTokenAt);
  if (spanMs === null || spanMs < 1 || outputTokens < 2) return null;
  return Math.round(((outputTokens - 1) / spanMs) * 10_000) / 10;
}

/**
 * Time from the start to the ready connection. Leaves out the time that a ready connection waited for its request: the
 * pacing caused it (pace.ts), and an application would not wait.
 */
function setUpMs({ startedAt, connectedAt, securedAt, writtenAt }: Trace): number {
  return writtenAt === null ? 0 : (sinceMs(startedAt, securedAt ?? connectedAt) ?? 0);
}

function sinceMs(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from;
}

/** Rounds to tenths of a millisecond, which is finer than a shared machine can measure. */
function tenths(ms: number | null): number | null {
  return ms === null ? null : Math.max(0, Math.round(ms * 10) / 10);
}
