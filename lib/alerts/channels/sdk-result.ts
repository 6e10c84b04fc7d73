/** What an error of the AWS SDK means for a message: to be tried again, or not. */

import { safeMessage } from '../../egress/message.ts';
import type { SendResult } from './channel.ts';

/** The SDK itself tries once: retries, and their time, are the same for every channel. */
export const SDK_ATTEMPTS = 1;

/** Recognised by name, since AWS answers them with status 400. */
const PASSING =
  /throttl|TooManyRequests|LimitExceeded|^TimeoutError$|InternalError|InternalException|ServiceUnavailable/i;

export function resultOfSdkError(error: unknown): SendResult {
  const { name, message, status } = detailsOf(error);
  const answer = safeMessage(`${name}${status === null ? '' : `, HTTP ${status}`}: ${message}`, []);
  const passes = PASSING.test(name) || status === null || status >= 500;
  // Credentials that are missing stay so; what never reached AWS may reach it the next time.
  const needsSomebody = name === 'CredentialsProviderError' || message === 'Region is missing';
  return passes && !needsSomebody ? { outcome: 'failed', answer, retryAfterMs: null } : { outcome: 'refused', answer };
}

function detailsOf(error: unknown): { name: string; message: string; status: number | null } {
  if (!(error instanceof Error)) return { name: 'error', message: String(error), status: null };
  const { $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, message: error.message, status: $metadata?.httpStatusCode ?? null };
}
