/** The verifying example of the README, as the receiver of a webhook would write it. */

import { createHmac, timingSafeEqual } from 'node:crypto';

const FRESH_SECONDS = 300;

/**
 * Whether a request is the monitor's, and fresh.
 *
 * @param body Exactly as it came, before it is parsed.
 */
export function isFromMonitor(
  headers: Record<string, unknown>,
  body: string,
  secret: string,
  now = Date.now(),
): boolean {
  const timestamp = String(headers['x-provider-health-timestamp']);
  const given = Buffer.from(String(headers['x-provider-health-signature']));
  const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  const expected = Buffer.from(`v1=${hmac}`);
  const isFresh = Math.abs(now / 1000 - Number(timestamp)) <= FRESH_SECONDS;
  return isFresh && given.length === expected.length && timingSafeEqual(given, expected);
}
