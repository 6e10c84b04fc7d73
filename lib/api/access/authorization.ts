/** The header Authorization -> the password in it. */

/** Longer than any password that keys may have, in base64 and with a user name. */
const LONGEST_HEADER = 16_384;

/**
 * The password of `Basic` and of `Bearer`; null when there is none. The user name of `Basic` is not looked at: the secret
 * alone says who it is. A password may hold a colon, a user name may not.
 */
export function passwordOf(authorization: string | null): string | null {
  if (authorization === null || authorization.length > LONGEST_HEADER) return null;
  const [, scheme = '', value = ''] = /^(basic|bearer) +(\S+) *$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme === '') return null;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : text.slice(colon + 1);
}
