/**
 * Keeps the local monitor to this machine and its user. Locally everything is open, writes included, so what may come
 * in is decided here; the routes decide nothing.
 */

import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a host name or address, IPv6 in brackets or not, is this machine's own. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const version = isIP(name);
  if (version === 0) return name === 'localhost';
  return LOOPBACK.check(name, version === 4 ? 'ipv4' : 'ipv6');
}

type Fetch = (request: Request) => Response | Promise<Response>;

/**
 * Refuses what a web page of somebody else could send through this machine's browser.
 *
 * A page may point a name of its own at 127.0.0.1 after it was loaded (DNS rebinding), and then reads and writes as if
 * it were ours. The browser still sends that name as `Host`, and no name of theirs is a loopback one. Without that trick
 * a page can send, though not read: a `POST` that starts checks, and costs tokens. The browser sends its `Origin` then.
 */
export function onlyFromThisMachine(fetch: Fetch): Fetch {
  return (request) => {
    const host = request.headers.get('host') ?? '';
    if (!isLoopbackHost(hostnameOf(`http://${host}`))) {
      return refusal(`Host: expected a loopback name such as localhost or 127.0.0.1, got ${JSON.stringify(host)}.`);
    }
    const origin = request.headers.get('origin');
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads && origin !== null && !isLoopbackHost(hostnameOf(origin))) {
      return refusal(`Origin: expected none, or a loopback one, got ${JSON.stringify(origin)}.`);
    }
    return fetch(request);
  };
}

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function refusal(detail: string): Response {
  const problem = { type: 'about:blank', title: 'Forbidden', status: 403, detail };
  return Response.json(problem, { status: 403, headers: { 'content-type': 'application/problem+json' } });
}
