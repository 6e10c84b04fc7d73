/**
 * A check as its attributes in the table say it. They are taken as they are: what each may be is checked before, in
 * check-item.ts, or after, by programs that look at little of it.
 */

import type { Category, Fault } from '../../health/category.ts';
import type { HealthCheck } from '../../health/check.ts';
import type { ProbeKind } from '../../health/provider.ts';

/** Of a CHECK item, and of the STATUS item's last check. */
export type StoredCheck = {
  responseTimeMs: number;
  check: CheckMap;
} & (
  | { category?: undefined; fault?: undefined; errorMessage?: undefined }
  | { category: Category; fault: Fault; errorMessage?: string }
);

/** What only this product reads, under short names. Absent: null, false, or what is usual. */
export interface CheckMap {
  model?: string;
  code?: number;
  /** Total, first byte, first token, DNS, connect, TLS. */
  ms: readonly [totalMs: number, ...(number | null)[]];
  probe?: ProbeKind;
  /** Input, output, and 1 when they are estimated. */
  tokens?: readonly number[];
  rate?: number;
  req?: string;
  new?: boolean;
  /** The TLS session was resumed. */
  res?: boolean;
  unsure?: boolean;
  warn?: string;
  manual?: boolean;
  maint?: boolean;
  retryMs?: number;
  first?: FirstAttemptMap;
}

export interface FirstAttemptMap {
  cat: Category;
  err: string;
  ms: number;
}

export const USUAL_PROBE = 'completion';

/** @param usualModel The model of a check that does not name its own. */
export function checkFrom(stored: StoredCheck, provider: string, timestamp: string, usualModel: string): HealthCheck {
  const { check, responseTimeMs } = stored;
  const { first } = check;
  const measured = {
    provider,
    timestamp,
    model: check.model ?? usualModel,
    trigger: check.manual ? ('manual' as const) : ('schedule' as const),
    attempts: first ? (2 as const) : (1 as const),
    firstAttempt: first ? { category: first.cat, errorMessage: first.err, responseTimeMs: first.ms } : null,
    responseTimeMs,
    statusCode: check.code ?? null,
    timings: timingsFrom(check.ms),
    probe: check.probe ?? USUAL_PROBE,
    tokens: check.tokens ? tokensFrom(check.tokens) : null,
    tokensPerSecond: check.rate ?? null,
    requestId: check.req ?? null,
    newConnection: check.new ?? null,
    uncertain: check.unsure ?? false,
    warning: check.warn ?? null,
    ...(check.res && { resumed: true as const }),
    ...(check.maint && { maintenance: true }),
  };
  if (stored.category === undefined) {
    return { ...measured, isHealthy: true, errorMessage: null, category: null, fault: null, retryAfterMs: null };
  }
  const { category, fault, errorMessage = '' } = stored;
  return { ...measured, isHealthy: false, errorMessage, category, fault, retryAfterMs: check.retryMs ?? null };
}

function tokensFrom([input = 0, output = 0, estimated]: readonly number[]): HealthCheck['tokens'] {
  return { input, output, estimated: estimated === 1 };
}

function timingsFrom([totalMs, ...parts]: CheckMap['ms']): HealthCheck['timings'] {
  const [firstByteMs = null, firstTokenMs = null, dnsMs = null, connectMs = null, tlsMs = null] = parts;
  return { dnsMs, connectMs, tlsMs, firstByteMs, firstTokenMs, totalMs };
}
