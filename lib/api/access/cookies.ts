/** Cookies with a signed value. A value that was changed, is too old or belongs to another cookie is not valid. */

import { createHash } from 'node:crypto';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';

export interface SignedCookies {
  /** The header Set-Cookie with the signed value. */
  set(value: JWTPayload, secret: string): Promise<string>;
  /** The value; null when the request has no valid one. */
  read(request: Request, secret: string): Promise<JWTPayload | null>;
  /** The header Set-Cookie that deletes the cookie. */
  readonly clear: string;
}

export interface CookieOptions {
  /** Part of the signature, so that the value of one cookie is not valid in another. */
  name: string;
  seconds: number;
  now: () => number;
}

const ALGORITHM = 'HS256';
/**
 * Lax: the browser sends the cookie when the issuer redirects back here, but not with a POST, PUT or DELETE of another
 * site.
 */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

export function signedCookies({ name, seconds, now }: CookieOptions): SignedCookies {
  // Browsers let no other host, and no page without TLS, set a cookie with this prefix.
  const fullName = `__Host-${name}`;
  const keyOf = (secret: string) => createHash('sha256').update(`${name} ${secret}`).digest();
  return {
    clear: `${fullName}=; ${ATTRIBUTES}; Max-Age=0`,
    async set(value, secret) {
      const issuedAt = Math.floor(now() / 1000);
      const token = await new SignJWT(value)
        .setProtectedHeader({ alg: ALGORITHM })
        .setAudience(name)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + seconds)
        .sign(keyOf(secret));
      return `${fullName}=${token}; ${ATTRIBUTES}; Max-Age=${seconds}`;
    },
    async read(request, secret) {
      const token = cookieOf(request, fullName);
      if (token === null) return null;
      const checks = { algorithms: [ALGORITHM], audience: name, currentDate: new Date(now()), requiredClaims: ['exp'] };
      try {
        return (await jwtVerify(token, keyOf(secret), checks)).payload;
      } catch {
        return null;
      }
    },
  };
}

function cookieOf(request: Request, name: string): string | null {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}
