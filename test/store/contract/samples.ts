/** Statuses and checks of every kind, the checks named so that a sentence can end with them. */

import type { HealthCheck } from '../../../lib/health/check.ts';
import type { ProviderStatus, StateDetail, StatusFields } from '../../../lib/health/status.ts';
import { failedCheck, goodCheck, healthyStatus } from '../../support/builders.ts';

/** A healthy status with some fields of its own: a store keeps also what no rule would make. */
export function status(fields: Partial<StatusFields> & (StateDetail | { state?: never }) = {}): ProviderStatus {
  const { state, isHealthy, ...rest } = healthyStatus();
  return fields.state === undefined
    ? { ...rest, state: 'healthy', isHealthy: true, ...fields }
    : { ...rest, ...fields };
}

export const CHECKS: readonly [string, HealthCheck][] = [
  ['a good one', goodCheck()],
  [
    'a good one with everything that can be known',
    goodCheck({
      trigger: 'manual',
      probe: 'stream',
      attempts: 2,
      firstAttempt: {
        category: 'timeout',
        errorMessage: 'expected an answer within 10 s, got none',
        responseTimeMs: 10_000,
      },
      timings: { dnsMs: 1.25, connectMs: 12, tlsMs: 30.5, firstByteMs: 150, firstTokenMs: 160.125, totalMs: 260.75 },
      tokens: { input: 11, output: 2, estimated: true },
      tokensPerSecond: 61.5,
      requestId: 'req_011CSHoEeqs5C35K2UUqR7Fy',
      newConnection: false,
      uncertain: true,
      warning: 'answered by another model: "gpt-5-nano-2026-01-05"',
    }),
  ],
  [
    'a good one that listed models',
    goodCheck({ probe: 'models', tokens: null, newConnection: null, statusCode: null }),
  ],
  ['a good one of another model than the usual', goodCheck({ model: 'older-model' })],
  ['a failed one', failedCheck('server_error', { statusCode: 503, errorMessage: 'expected HTTP 200, got 503' })],
  ['a failed one that asks to wait', failedCheck('rate_limited', { statusCode: 429, retryAfterMs: 20_000 })],
  [
    'a failed one that was confirmed',
    failedCheck('connect', {
      attempts: 2,
      firstAttempt: { category: 'dns', errorMessage: 'expected an address, got ENOTFOUND', responseTimeMs: 3 },
      statusCode: null,
      newConnection: null,
      tokens: null,
    }),
  ],
  ['a failed one whose fault is not its category’s usual', failedCheck('dns', { fault: 'ours' })],
  ['a failed one in another script', failedCheck('quota', { errorMessage: '余额不足，请充值 🦜 " \\ \n' })],
];
