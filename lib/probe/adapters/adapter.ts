/**
 * The interface of an API family: how to request a token or two, and whether the answer is genuine. An adapter is data
 * and pure functions. Not here: sending, timing and limits (wire/http.ts).
 */

import type { Category, Fault } from '../../health/category.ts';
import type { TokenUse } from '../../health/check.ts';
import type { ProbeKind, ProviderConfig } from '../../health/provider.ts';
import type { Secret } from '../../keys/secret.ts';

export interface ProbeRequest {
  method: 'GET' | 'POST';
  url: string;
  /** Lower-case names. Only the headers contain the key. */
  headers: Record<string, string>;
  /** JSON text; null for a GET. */
  body: string | null;
}

/** A complete answer. The body is decoded and within the size limit. */
export interface ProbeAnswer {
  statusCode: number;
  /** Lower-case names. Repeated headers are joined by `, `. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** When the answer was complete. Dates in its headers are relative to this time. */
  receivedAt: Date;
}

/** The media type of a family's streams. */
export type StreamFormat = 'text/event-stream' | 'application/vnd.amazon.eventstream';

/** One event of a stream. */
export interface StreamEvent {
  /** Null when the event has no name of its own. `error` is a failure. */
  event: string | null;
  data: string;
}

export interface GoodVerdict {
  isHealthy: true;
  /** Null for a `models` probe. */
  tokens: TokenUse | null;
  /** May contain the provider's words, not yet shortened or redacted; null: no warning. */
  warning: string | null;
  /** At most 128 characters, printable ASCII. */
  requestId: string | null;
}

export interface BadVerdict {
  isHealthy: false;
  category: Category;
  fault: Fault;
  /** What was expected and what was got. May contain the provider's words, not yet shortened or redacted. */
  errorMessage: string;
  /** What to do, where it differs from the usual advice of the category; else null. */
  advice: string | null;
  retryAfterMs: number | null;
  requestId: string | null;
  /** See `FailedVerdict`. No adapter sets it. */
  monitorFault?: true;
}

export type Verdict = GoodVerdict | BadVerdict;

/** Judges one stream by its events. */
export interface StreamJudge {
  /** Returns whether this event carries generated tokens (text or reasoning). */
  push(event: StreamEvent): boolean;
  /**
   * The verdict after the end of the body. A stream without a finish reason and without an end marker is
   * `invalid_response`.
   */
  finish(answer: Omit<ProbeAnswer, 'body'>): Verdict;
}

export interface Adapter {
  /**
   * @param key Null: the endpoint needs none.
   * @param kind A kind for which `supportsProbe(config.type, kind)` (presets.ts) is true.
   * @throws {TypeError} For another kind.
   */
  buildRequest(config: ProviderConfig, key: Secret | null, kind: ProbeKind): ProbeRequest;
  /**
   * Judges a complete answer to a request without streaming; also the answer to a streaming request if its status is
   * not 200 or it is not an event stream.
   */
  judge(answer: ProbeAnswer, config: ProviderConfig, kind: ProbeKind): Verdict;
  streamFormat: StreamFormat;
  streamJudge(config: ProviderConfig): StreamJudge;
}
