/**
 * Which requests a port of this process answers at all. The routes behind it decide nothing of this.
 *
 * A web page can send requests to this machine through the browser of the person at it. What it can never do is choose
 * the headers that the browser adds: `Host` is the name in the URL, so a name that was pointed at 127.0.0.1 after the
 * page was loaded (DNS rebinding) shows; `Origin` and `Sec-Fetch-Site` say where the page is from. Programs send none
 * of the last two.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { isLoopbackHost } from '../base/loopback.ts';

export interface Admission {
  /** Whether a host name, without its port, is one that this port answers to. */
  isOwnHost(hostname: string): boolean;
  /**
   * Which pages may send requests: `own`, those that this port serves; `none`. A page of another port of this machine, or
   * of another of its names, is a stranger: any program may serve one there.
   */
  pages: 'own' | 'none';
}

/** This machine's programs, and the pages that the port itself serves. */
export const THIS_MACHINE_AND_OWN_PAGES: Admission = { isOwnHost: isLoopbackHost, pages: 'own' };

/** This machine's programs, and no browser. */
export const THIS_MACHINE_WITHOUT_PAGES: Admission = { isOwnHost: isLoopbackHost, pages: 'none' };

interface Asking {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
}

/** Why a request is not let in, for the author of the program that sent it; null when it is let in. */
export function refusalOf({ isOwnHost, pages }: Admission, { method, headers }: Asking): string | null {
  const { host = '', origin } = headers;
  const site = headers['sec-fetch-site'];
  if (!isOwnHost(hostnameOf(host)))
    return refusal('Host', 'a name of this machine such as localhost or 127.0.0.1', host);

  if (pages === 'none') {
    if (origin !== undefined) return refusal('Origin', 'none: web pages may not use this port', origin);
    if (site !== undefined) return refusal('Sec-Fetch-Site', 'none: web pages may not use this port', site);
    return null;
  }
  if (origin !== undefined && origin !== `http://${host}`) return refusal('Origin', `none, or http://${host}`, origin);
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
