/** Cookies that carry a signed value: what was changed, is too old or was made for another purpose is no value. */

import { createHash } from 'node:crypto';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';

export interface SignedCookies {
  /** The header Set-Cookie. */
  set(value: JWTPayload, secret: string): Promise<string>;
  /** Null when the request has none that is valid. */
  read(request: Request, secret: string): Promise<JWTPayload | null>;
  /** The header Set-Cookie that ends it. */
  readonly clear: string;
}

export interface CookieOptions {
  /** Also its purpose: a value of one cookie is not valid in another. */
  name: string;
  seconds: number;
  now: () => number;
}

const ALGORITHM = 'HS256';
/** Lax: the browser sends it when an issuer leads back here, and with no request of another site that changes something. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

export function signedCookies({ name, seconds, now }: CookieOptions): SignedCookies {
  // No other host and no page without TLS can set a cookie of this prefix.
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
