/**
 * Which requests a port of this process answers at all. The routes behind it decide nothing of this.
 *
 * A web page can send requests to this machine through the browser of the person at it. What it can never do is choose
 * the headers that the browser adds: `Host` is the name in the URL, so a name that was pointed at 127.0.0.1 after the
 * page was loaded (DNS rebinding) shows; `Origin` and `Sec-Fetch-Site` say where the page is from. Programs send none
 * of the last two.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackHost } from '../base/loopback.ts';

export interface Admission {
  /** Whether a host name, without its port, is one that this port answers to. */
  isOwnHost(hostname: string): boolean;
  /** The same in words. */
  ownHosts: string;
  /** How its own pages may be reached. */
  schemes: readonly ('http' | 'https')[];
  /**
   * Which pages may send requests: `own`, those that this port serves; `none`. A page of another port of this machine, or
   * of another of its names, is not trusted: any program may serve one there.
   */
  pages: 'own' | 'none';
}

const THIS_MACHINE = {
  isOwnHost: isLoopbackHost,
  ownHosts: 'a name of this machine such as localhost or 127.0.0.1',
  schemes: ['http'],
} as const;

/** This machine's programs, and the pages that the port itself serves. */
export const THIS_MACHINE_AND_OWN_PAGES: Admission = { ...THIS_MACHINE, pages: 'own' };

/** This machine's programs, and no browser. */
export const THIS_MACHINE_WITHOUT_PAGES: Admission = { ...THIS_MACHINE, pages: 'none' };

/**
 * Other machines too, by an address or by a name that the operator trusts: an attacker cannot point an address elsewhere, as
 * a name. A password then asks who they are. A proxy in front may take its own pages by TLS.
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

interface Asking {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
}

/** Why a request is not let in, for the author of the program that sent it; null when it is let in. */
export function refusalOf(
  { isOwnHost, ownHosts, schemes, pages }: Admission,
  { method, headers }: Asking,
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
  // A link on another site was clicked: that site cannot read the page that opens.
  const isLink =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isLink ? null : refusal('Sec-Fetch-Site', 'same-origin or none', String(site));
}

/** The name in a `Host` header; empty when there is more in it than a name and a port. */
function hostnameOf(host: string): string {
  return /^(\[[\da-f:.]+\]|[^:[\]@/?#\\\s]+)(?::\d{1,5})?$/i.exec(host)?.[1] ?? '';
}

function refusal(header: string, expected: string, got: string): string {
  return `${header}: expected ${expected}, got ${JSON.stringify(got)}.`;
}
