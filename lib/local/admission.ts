/**
 * Decides which requests a port of this process answers. Runs before any route.
 *
 * A web page can send requests to this machine through the user's browser. But it cannot choose the headers that the
 * browser adds. `Host` is the name in the URL, so it shows a foreign name that was pointed at 127.0.0.1 after the page
 * was loaded (DNS rebinding). `Origin` and `Sec-Fetch-Site` say where the page is from; programs send neither.
 */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackHost } from '../base/loopback.ts';

export interface Admission {
  /** Whether this port answers to a host name (without port). */
  isOwnHost(hostname: string): boolean;
  /** The accepted host names, in words. */
  ownHosts: string;
  /** Schemes by which its own pages can be reached. */
  schemes: readonly ('http' | 'https')[];
  /**
   * Which pages may send requests: `own`, only those that this port serves, or `none`. A page of another port or
   * another name of this machine is not trusted: any program may serve it.
   */
  pages: 'own' | 'none';
}

const THIS_MACHINE = {
  isOwnHost: isLoopbackHost,
  ownHosts: 'a name of this machine such as localhost or 127.0.0.1',
  schemes: ['http'],
} as const;

/** Admits programs of this machine, and the pages that the port itself serves. */
export const THIS_MACHINE_AND_OWN_PAGES: Admission = { ...THIS_MACHINE, pages: 'own' };

/** Admits programs of this machine, and no pages. */
export const THIS_MACHINE_WITHOUT_PAGES: Admission = { ...THIS_MACHINE, pages: 'none' };

/**
 * Admits other machines too, which then need a password. They may use an address, which an attacker cannot point
 * elsewhere, or a name that the operator trusts. The pages' scheme may be https, for a proxy with TLS.
 */
export function otherMachines(trustedHosts: readonly string[]): Admission {
  const trusted = new Set(trustedHosts.map((name) => name.toLowerCase()));
  return {
    isOwnHost: (hostname) =>
      isLoopbackHost(hostname) ||
      isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0 ||
      trusted.has(hostname.toLowerCase()),
    ownHosts: 'an address, localhost or a name of --trusted-host',
    schemes: ['http', 'https'],
    pages: 'own',
  };
}

/**
 * Why a request has no one meaning; null when it has. Of two `Host` headers another server, or a proxy before this one, may
 * believe the other.
 */
export function ambiguityOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): string | null {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  return hosts > 1 ? `Host: expected one, got ${hosts}.` : null;
}

interface RequestHead {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
}

/** Why a request is refused, for the author of the sending program; null when it is admitted. */
export function refusalOf(
  { isOwnHost, ownHosts, schemes, pages }: Admission,
  { method, headers }: RequestHead,
): string | null {
  const { host = '', origin } = headers;
  const site = headers['sec-fetch-site'];
  if (!isOwnHost(hostnameOf(host))) return refusal('Host', ownHosts, host);

  if (pages === 'none') {
    if (origin !== undefined) return refusal('Origin', 'none: web pages may not use this port', origin);
    if (site !== undefined) return refusal('Sec-Fetch-Site', 'none: web pages may not use this port', site);
    return null;
  }
  const own = schemes.map((scheme) => `${scheme}://${host}`);
  if (origin !== undefined && !own.includes(origin)) return refusal('Origin', `none, or ${own.join(' or ')}`, origin);
  if (site === undefined || site === 'same-origin' || site === 'none') return null;
  // The user clicked a link on another site. That is harmless: the other site cannot read the opened page.
  const isLink =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isLink ? null : refusal('Sec-Fetch-Site', 'same-origin or none', String(site));
}

/** The name in a `Host` header; empty when the header is not a name with an optional port. */
function hostnameOf(host: string): string {
  return /^(\[[\da-f:.]+\]|[^:[\]@/?#\\\s]+)(?::\d{1,5})?$/i.exec(host)?.[1] ?? '';
}

function refusal(header: string, expected: string, got: string): string {
  return `${header}: expected ${expected}, got ${JSON.stringify(got)}.`;
}
