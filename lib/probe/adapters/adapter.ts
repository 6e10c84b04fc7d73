/**
 * What an API family is to the probe: how to ask for a token or two, and whether the answer is genuine. An adapter is
 * data and pure functions; http.ts sends, takes the times and holds the limits.
 */

import type { Category, Fault } from '../../health/category.ts';
import type { TokenUse } from '../../health/check.ts';
import type { ProbeKind, ProviderConfig } from '../../health/provider.ts';
import type { Secret } from '../../keys/secret.ts';

export interface ProbeRequest {
  method: 'GET' | 'POST';
  url: string;
  /** Lower-case names. The key is in here and nowhere else. */
  headers: Record<string, string>;
  /** JSON text; null for a GET. */
  body: string | null;
}

/** A complete answer, its body decoded and within the size limit. */
export interface ProbeAnswer {
  statusCode: number;
  /** Lower-case names; repeated headers joined by `, `. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** When it was complete; dates in its headers are relative to this. */
  receivedAt: Date;
}

/** How a family's streams are framed: their media type. */
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
  /** Provider's words included, not yet cut or redacted; null when there is nothing to say. */
  warning: string | null;
  /** At most 128 characters, printable ASCII. */
  requestId: string | null;
}

export interface BadVerdict {
  isHealthy: false;
  category: Category;
  fault: Fault;
  /** What was expected and what was got, provider's words included, not yet cut or redacted. */
  errorMessage: string;
  /** What to do, where that is not what its category always asks for. */
  advice: string | null;
  retryAfterMs: number | null;
  requestId: string | null;
  /** As of `FailedVerdict`: no adapter says so. */
  monitorFault?: true;
}

export type Verdict = GoodVerdict | BadVerdict;

/** Judges one stream, event by event. */
export interface StreamJudge {
  /** Returns whether this event carries generated tokens (text or reasoning). */
  push(event: StreamEvent): boolean;
  /** The verdict once the body has ended; a stream with neither a finish reason nor its end marker is `invalid_response`. */
  finish(answer: Omit<ProbeAnswer, 'body'>): Verdict;
}

export interface Adapter {
  /**
   * @param key Null where the endpoint needs none.
   * @param kind One that `supportsProbe(config.type, kind)` (presets.ts) allows.
   * @throws {TypeError} When it does not.
   */
  buildRequest(config: ProviderConfig, key: Secret | null, kind: ProbeKind): ProbeRequest;
  /**
   * Judges a complete answer of any status to a request that was not streamed, and one to a streamed request that has
   * another status than 200 or is no event stream.
   */
  judge(answer: ProbeAnswer, config: ProviderConfig, kind: ProbeKind): Verdict;
  streamFormat: StreamFormat;
  streamJudge(config: ProviderConfig): StreamJudge;
}
