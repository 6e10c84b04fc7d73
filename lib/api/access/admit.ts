/**
 * Admits or refuses a request: by its caller, by the caller's role where it changes something, and by the site that
 * sent it.
 */

import type { MiddlewareHandler } from 'hono';
import { Problem } from '../http/problem.ts';
import type { Access, Caller } from './caller.ts';

export type AccessVariables = {
  /** Absent: the app does not identify callers, because the gateway in front of it decides who may call. */
  caller?: Caller;
};

/** @param addressOf Returns the sender's address, from the environment that the server passes with the request. */
export function admit(
  access: Access,
  addressOf: (env: unknown) => string,
): MiddlewareHandler<{ Variables: AccessVariables }> {
  return async (c, next) => {
    const request = c.req.raw;
    const address = addressOf(c.env);
    const { signIn } = access;
    const answer = await signIn?.answer(request, address);
    if (answer) {
      c.res = answer;
      return;
    }
    const caller = await access.identify(request, address);
    if (caller === null) {
      if (signIn?.isRequired && isNavigation(request)) {
        c.res = c.redirect(`${signIn.path}?to=${pathOf(request)}`);
        return;
      }
      throw unauthenticated(access.challenge);
    }
    if (!isRead(request)) {
      if (caller.role !== 'operator') throw notPermitted(caller);
      refuseOtherSites(request);
    }
    c.set('caller', caller);
    await next();
    // Only the caller's browser may cache the answer, no cache on the way.
    const kept = c.res.headers.get('cache-control');
    if (kept?.startsWith('max-age')) c.res.headers.set('cache-control', `private, ${kept}`);
  };
}

/** Whether a person opens a page. Only then a redirect to the sign-in makes sense; a script could not follow it. */
function isNavigation(request: Request): boolean {
  const mode = request.headers.get('sec-fetch-mode');
  const wantsPage = request.headers.get('accept')?.includes('text/html') ?? false;
  return request.method === 'GET' && wantsPage && (mode === null || mode === 'navigate');
}

function pathOf({ url }: Request): string {
  const { pathname, search } = new URL(url);
  return encodeURIComponent(pathname + search);
}

/** Whether the request only reads. */
function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * Refuses requests from pages of other sites (cross-site request forgery). A browser adds the password or the cookie to
 * every request to this host, whichever page sends it. It also names the page's site in `Sec-Fetch-Site`, or in older
 * browsers in `Origin`; no page can change these headers. Programs send neither.
 *
 * @throws {Problem} `cross_site`
 */
function refuseOtherSites(request: Request): void {
  const site = request.headers.get('sec-fetch-site');
  if (site === 'same-origin') return;
  const origin = request.headers.get('origin');
  const isOurs = site === null && (origin === null || isOwnOrigin(origin, request));
  if (isOurs) return;
  const from = origin ?? site ?? '';
  throw new Problem(
    'cross_site',
    `Expected a request from the monitor's own page or from a program, got one from a page of ${JSON.stringify(from)}.`,
  );
}

function isOwnOrigin(origin: string, request: Request): boolean {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function unauthenticated(challenge: string): Problem {
  const detail = 'Expected a password that opens this monitor, as HTTP Basic (any user name) or as a Bearer token.';
  return new Problem('unauthenticated', detail, { challenge });
}

function notPermitted({ name }: Caller): Problem {
  return new Problem('not_permitted', `"${name}" may read. Expected an operator's password for a change or a check.`);
}
