/** The recorded outcome of a probe, with its confirmation if there was one. lib/probe and lib/checker make it. */

import type { Category, Fault } from './category.ts';
import type { ProbeKind } from './provider.ts';

/** Durations of the phases of one probe, in milliseconds on the monotonic clock; null when a phase did not happen. */
export interface Timings {
  /** Name look-up; null on a reused connection or a literal address. */
  dnsMs: number | null;
  /** TCP connect; null on a reused connection. */
  connectMs: number | null;
  /** TLS handshake; null without TLS or on a reused connection. */
  tlsMs: number | null;
  /** From the request written to the status line received. */
  firstByteMs: number | null;
  /** From the request written to the first generated token; only for `stream` probes. */
  firstTokenMs: number | null;
  /** From the start of the connection to the end of the answer, or to the failure. */
  totalMs: number;
}

/** Tokens that one probe used. `estimated`: the answer did not contain the numbers. */
export interface TokenUse {
  input: number;
  output: number;
  estimated: boolean;
}

/** The figures that one probe measured. */
interface Measurement {
  /**
   * Milliseconds from the request written to the answer complete, or to the failure; an integer ≥ 0, measured on the monotonic
   * clock.
   */
  responseTimeMs: number;
  /** HTTP status; null when no answer came. */
  statusCode: number | null;
  timings: Timings;
  /** The kind of request that was sent. It can be `models` when the provider's `probe` is another kind, to save tokens. */
  probe: ProbeKind;
  /** Tokens that the probe used; null when it cannot have used any. */
  tokens: TokenUse | null;
  /** Output tokens per second, counted from the first token; only for `stream` probes. */
  tokensPerSecond: number | null;
  /** The id that the provider gave to the request, for questions to its support; at most 128 characters. */
  requestId: string | null;
  /** Whether the connection was opened for this probe; null when there was no connection. */
  newConnection: boolean | null;
  /** The connection resumed a TLS session, which makes `tlsMs` shorter. Absent: it did not. */
  resumed?: true;
  /** The answer may have waited in this process for more than 5 ms before it was read, so the time may be too long. */
  uncertain: boolean;
}

export interface HealthyVerdict {
  isHealthy: true;
  /** A remark about the answer, for example that another model answered; at most 300 characters. */
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
  /** Milliseconds that the provider asks to wait, at most 3 600 000; null when it did not say. */
  retryAfterMs: number | null;
  /**
   * The monitor's own machine or proxy failed (open files, memory, threads, ports). The probe proves nothing about the
   * provider, and no status changes. Absent: they did not fail.
   */
  monitorFault?: true;
}

/** The measurement and the verdict of one probe. */
export type ProbeOutcome = Measurement & (HealthyVerdict | FailedVerdict);

export type FailedOutcome = Measurement & FailedVerdict;

export type Trigger = 'schedule' | 'manual';

/** The first failure of a check that needed a confirmation. */
export interface FirstAttempt {
  category: Category;
  errorMessage: string;
  responseTimeMs: number;
}

/** Which provider a check is about, when it was made, and why. */
interface CheckOrigin {
  /** The provider's id. */
  provider: string;
  model: string;
  /**
   * ISO 8601 UTC with milliseconds, as `Date.toISOString` writes it, because times are compared as texts. A scheduled check has
   * the tick's time, so that a tick that is delivered twice makes one check. A manual check has the time when it began.
   */
  timestamp: string;
  trigger: Trigger;
  /** The check was made in a planned pause, so it counts neither as uptime nor as downtime. Absent: it was not. */
  maintenance?: true;
}

/** The number of probes that were sent: 1, or 2 with a confirmation. */
export type Attempts = { attempts: 1; firstAttempt: null } | { attempts: 2; firstAttempt: FirstAttempt };

/** One recorded check of one provider. */
export type HealthCheck = CheckOrigin & Attempts & ProbeOutcome;

export type FailedCheck = CheckOrigin & Attempts & FailedOutcome;

/** The length at which error messages and warnings are cut, in code points. */
export const MAX_MESSAGE_LENGTH = 300;
