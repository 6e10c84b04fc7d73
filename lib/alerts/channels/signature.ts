/**
 * Signs the body of a webhook, so that the receiver can verify that the monitor sent it just now. The signature is the
 * HMAC-SHA256, in hex, of the time in epoch seconds, a dot, and the body. docs/alerts.md shows how to verify it.
 */

import { createHmac } from 'node:crypto';
import type { Secret } from '../../keys/secret.ts';

const TIMESTAMP_HEADER = 'x-provider-health-timestamp';
/** The value is `v1=` and the signature. Another way to sign would get another version. */
const SIGNATURE_HEADER = 'x-provider-health-signature';

export function signatureHeaders(secret: Secret, now: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', secret.reveal()).update(`${timestamp}.${body}`).digest('hex');
  return { [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: `v1=${signature}` };
}
