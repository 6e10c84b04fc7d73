/** Reads the password from the header Authorization. */

/** Longer than the longest secret in base64, with a user name. */
const LONGEST_HEADER = 16_384;

/**
 * The password of a `Basic` or `Bearer` header; null when there is none. Ignores the user name of `Basic`: the secret
 * alone identifies the caller. A password may hold a colon, a user name may not.
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
