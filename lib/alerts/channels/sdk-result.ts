/** Decides whether a message is tried again after an error of the AWS SDK. */

import { safeMessage } from '../../egress/message.ts';
import type { SendResult } from './channel.ts';

/** The SDK does not retry: the outbox retries every channel in the same way. */
export const SDK_ATTEMPTS = 1;

/** Errors that pass. They are recognised by name, since AWS answers them with status 400. */
const PASSING =
  /throttl|TooManyRequests|LimitExceeded|^TimeoutError$|InternalError|InternalException|ServiceUnavailable/i;

export function resultOfSdkError(error: unknown): SendResult {
  const { name, message, status } = detailsOf(error);
  const answer = safeMessage(`${name}${status === null ? '' : `, HTTP ${status}`}: ${message}`, []);
  const passes = PASSING.test(name) || status === null || status >= 500;
  // A call without a status never reached AWS, and may reach it the next time. Missing credentials stay missing.
  const needsOperator = name === 'CredentialsProviderError' || message === 'Region is missing';
  return passes && !needsOperator ? { outcome: 'failed', answer, retryAfterMs: null } : { outcome: 'refused', answer };
}

function detailsOf(error: unknown): { name: string; message: string; status: number | null } {
  if (!(error instanceof Error)) return { name: 'error', message: String(error), status: null };
  const { $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, message: error.message, status: $metadata?.httpStatusCode ?? null };
}
