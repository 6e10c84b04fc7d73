/**
 * People sign in at an OpenID Connect issuer (authorization code with PKCE) and get a session: a signed cookie with
 * their name and their role, which follows from their groups. The server stores nothing.
 */

import type { Log } from '../../base/log.ts';
import type { OidcSettings } from '../../config/access.ts';
import { Problem } from '../http/problem.ts';
import type { Caller, ResolveSecret, SignIn } from './caller.ts';
import { signedCookies } from './cookies.ts';
import { type Attempt, createIssuer, isRefusal } from './issuer.ts';

export interface Oidc extends SignIn {
  /** The caller in the request's session; null: no valid session. @throws {Problem} `access_unavailable` */
  sessionOf(request: Request): Promise<Caller | null>;
}

export interface OidcOptions {
  settings: OidcSettings;
  /** Address of the monitor, without a trailing slash; null: taken from the request. */
  publicUrl: string | null;
  resolve: ResolveSecret;
  log: Log;
  isRequired: boolean;
  /** Milliseconds. Default: the system's clock. */
  now?: () => number;
}

export const PATHS = { begin: '/sign-in', back: '/sign-in/done', end: '/sign-out' } as const;

/** A working day. A change of a person's groups counts from the next session on. */
const SESSION_SECONDS = 8 * 3600;
const ATTEMPT_SECONDS = 600;
const LONGEST_NAME = 100;

export function createOidc({ settings, publicUrl, resolve, log, isRequired, now = Date.now }: OidcOptions): Oidc {
  const issuer = createIssuer(settings, now);
  const session = signedCookies({ name: 'session', seconds: SESSION_SECONDS, now });
  const attempts = signedCookies({ name: 'sign-in', seconds: ATTEMPT_SECONDS, now });

  async function secretOf(reference: string): Promise<string> {
    try {
      return (await resolve(reference)).reveal();
    } catch (error) {
      log.error('secret of the sign-in unreadable', { error: messageOf(error) });
      throw new Problem('access_unavailable', 'The monitor cannot read a secret of its sign-in. Its log says why.', {
        retryAfterSeconds: 5,
      });
    }
  }

  async function begin(url: URL): Promise<Response> {
    const { url: target, attempt } = await issuer
      .begin(redirectUri(url), ['openid', ...settings.scopes].join(' '))
      .catch((error) => fail(error));
    const kept = { ...attempt, to: safePath(url.searchParams.get('to')) };
    return redirect(target, await attempts.set(kept, await secretOf(settings.cookieSecret)));
  }

  async function finish(request: Request, url: URL): Promise<Response> {
    const kept = await attempts.read(request, await secretOf(settings.cookieSecret));
    const attempt = kept && attemptIn(kept);
    if (attempt === null) {
      const detail = `This sign-in was not begun in this browser, or too long ago. Open ${PATHS.begin} to begin again.`;
      throw new Problem('sign_in_failed', detail);
    }
    const clientSecret = settings.clientSecret === null ? null : await secretOf(settings.clientSecret);
    const claims = await issuer.finish(url, attempt, redirectUri(url), clientSecret).catch((error) => fail(error));
    const caller = callerOf(claims, settings);
    if (caller === null) throw notInGroup(settings);
    log.info('signed in', { ...caller });
    const cookie = await session.set({ name: caller.name, role: caller.role }, await secretOf(settings.cookieSecret));
    return redirect(safePath(kept?.to), cookie, attempts.clear);
  }

  /** The issuer's words go only into the log: they may repeat secrets that were sent to it. */
  function fail(error: unknown): never {
    log.warn('sign-in failed', { issuer: settings.issuer, error: messageOf(error) });
    if (isRefusal(error)) {
      throw new Problem('sign_in_failed', `The issuer refused this sign-in. Open ${PATHS.begin} to begin again.`);
    }
    const detail = 'The issuer of the sign-in does not answer as expected. The log has the details.';
    throw new Problem('access_unavailable', detail, { retryAfterSeconds: 30 });
  }

  const redirectUri = (url: URL) => (publicUrl ?? url.origin) + PATHS.back;

  return {
    path: PATHS.begin,
    isRequired,
    async answer(request) {
      if (request.method !== 'GET') return null;
      const url = new URL(request.url);
      switch (url.pathname) {
        case PATHS.begin:
          return begin(url);
        case PATHS.back:
          return finish(request, url);
        case PATHS.end:
          return signedOut(session.clear);
        default:
          return null;
      }
    },
    async sessionOf(request) {
      // Read the secret only for requests with a session cookie.
      if (!request.headers.get('cookie')?.includes('__Host-session=')) return null;
      const value = await session.read(request, await secretOf(settings.cookieSecret));
      if (typeof value?.name !== 'string') return null;
      return { name: value.name, role: value.role === 'operator' ? 'operator' : 'reader' };
    },
  };
}

/** The values that {@link createOidc} kept in the cookie of an attempt; null when one is missing. */
function attemptIn({ state, nonce, verifier }: Readonly<Record<string, unknown>>): Attempt | null {
  if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string') return null;
  return { state, nonce, verifier };
}

/** The caller; null when the person is in none of the allowed groups. */
export function callerOf(
  claims: Readonly<Record<string, unknown>>,
  { groupsClaim, readerGroups, operatorGroups }: Pick<OidcSettings, 'groupsClaim' | 'readerGroups' | 'operatorGroups'>,
): Caller | null {
  const groups = [claims[groupsClaim]].flat().filter((group) => typeof group === 'string');
  const isIn = (allowed: readonly string[]) => groups.some((group) => allowed.includes(group));
  const name =
    [claims.email, claims.preferred_username, claims.sub].find((one) => typeof one === 'string') ??
    'a user without a name';
  const caller = { name: name.slice(0, LONGEST_NAME) };
  if (isIn(operatorGroups)) return { ...caller, role: 'operator' };
  return readerGroups === null || isIn(readerGroups) ? { ...caller, role: 'reader' } : null;
}

/** The path to return to. Anything that is not a path of this monitor becomes the overview. */
export function safePath(to: unknown): string {
  if (typeof to !== 'string' || !/^\/(?![/\\])[\x21-\x7e]*$/.test(to) || to.includes('\\')) return '/';
  return to.startsWith(PATHS.begin) || to.startsWith(PATHS.end) ? '/' : to;
}

function redirect(location: string, ...cookies: string[]): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 302, headers });
}

function signedOut(cookie: string): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'set-cookie': cookie };
  return new Response('Signed out.\n', { headers });
}

function notInGroup({ readerGroups, groupsClaim }: OidcSettings): Problem {
  const detail = `Expected a person in one of the groups ${(readerGroups ?? []).join(', ')}, by the claim "${groupsClaim}" of the ID token.`;
  return new Problem('not_permitted', detail);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.name}: ${error.message}${cause}`;
}
