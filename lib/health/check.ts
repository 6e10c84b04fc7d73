/** The recorded outcome of a probe, with its confirmation if there was one. lib/probe and lib/checker make it. */

import type { Category, Fault } from './category.ts';
import type { ProbeKind } from './provider.ts';

/** Phases of one probe in milliseconds on the monotonic clock; null where a phase did not happen. */
export interface Timings {
  /** Name look-up; null on a reused connection or a literal address. */
  dnsMs: number | null;
  /** TCP connect; null on a reused connection. */
  connectMs: number | null;
  /** TLS handshake; null without TLS or on a reused connection. */
  tlsMs: number | null;
  /** Request written to status line received. */
  firstByteMs: number | null;
  /** Request written to first generated token, `stream` probes only. */
  firstTokenMs: number | null;
  /** From the start of the probe's connection to the end of the answer or of the failure. */
  totalMs: number;
}

/** Tokens one probe used; `estimated` where the answer did not say. */
export interface TokenUse {
  input: number;
  output: number;
  estimated: boolean;
}

/** What one probe measured, with any verdict. */
interface Measurement {
  /**
   * Request written to answer complete, an integer of milliseconds ≥ 0 on the monotonic clock; of a failure, the time
   * until it failed.
   */
  responseTimeMs: number;
  /** HTTP status; null when no answer came. */
  statusCode: number | null;
  timings: Timings;
  /** Which request was sent; it may be `models` although the provider's `probe` is another (see `completionEverySeconds`). */
  probe: ProbeKind;
  /** Null when no tokens can have been used. */
  tokens: TokenUse | null;
  /** Output tokens a second after the first one, `stream` probes only. */
  tokensPerSecond: number | null;
  /** The provider's own id of the request, for its support; at most 128 characters. */
  requestId: string | null;
  /** Whether the connection was made for this probe; null when there was no connection. */
  newConnection: boolean | null;
  /** The connection resumed a TLS session, so its `tlsMs` is of a shorter handshake. Absent: it did not. */
  resumed?: true;
  /** The answer may have lain unread in this process for more than 5 ms before it was seen. */
  uncertain: boolean;
}

export interface HealthyVerdict {
  isHealthy: true;
  /** Something worth knowing about the answer, such as another model's name in it; at most 300 characters. */
  warning: string | null;
  errorMessage: null;
  category: null;
  fault: null;
  retryAfterMs: null;
}

export interface FailedVerdict {
  isHealthy: false;
  warning: null;
  /** At most 300 characters, without secrets and control characters. */
  errorMessage: string;
  category: Category;
  fault: Fault;
  /** How long the provider asks to wait, at most 3 600 000; null when it did not say. */
  retryAfterMs: number | null;
  /**
   * The monitor lacked what the probe needs of its own machine (open files, memory, threads, ports) or its proxy: nothing is
   * known of the provider, and no status changes. Absent: it did not.
   */
  monitorFault?: true;
}

/** One probe's measurement and verdict. */
export type ProbeOutcome = Measurement & (HealthyVerdict | FailedVerdict);

export type FailedOutcome = Measurement & FailedVerdict;

export type Trigger = 'schedule' | 'manual';

/** What failed first, when the check needed a confirming probe. */
export interface FirstAttempt {
  category: Category;
  errorMessage: string;
  responseTimeMs: number;
}

/** What a check is of, when it was made, and why. */
interface CheckOrigin {
  /** The provider's id. */
  provider: string;
  model: string;
  /**
   * ISO 8601 UTC with milliseconds, as `Date.toISOString` writes it: times are compared as texts. The tick's time for a
   * scheduled check (so a tick delivered twice is one check), else when it began.
   */
  timestamp: string;
  trigger: Trigger;
  /** It was made in a planned pause, so it counts neither as uptime nor as downtime. Absent: it was not. */
  maintenance?: true;
}

/** Probes that were sent: two when the first failed in a way that one lost packet can cause, else one. */
export type Attempts = { attempts: 1; firstAttempt: null } | { attempts: 2; firstAttempt: FirstAttempt };

/** One recorded check of one provider. */
export type HealthCheck = CheckOrigin & Attempts & ProbeOutcome;

export type FailedCheck = CheckOrigin & Attempts & FailedOutcome;

/** Longest error text and warning kept, in code points. */
export const MAX_MESSAGE_LENGTH = 300;
