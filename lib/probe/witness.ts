/** Connects to a witness host, which practically never fails, to see whether the monitor's own network works. */

import { connect } from 'node:net';
import { hostOf, portOf } from '../base/url-host.ts';
import { type ProxySettings, proxyFor } from '../egress/proxy.ts';
import { openTunnel } from '../egress/tunnel.ts';

/**
 * Whether a TCP connection to the witness succeeds. It is made like one to a provider.
 *
 * @param witness `host:port`, such as `one.one.one.one:443`.
 */
export function witnessAnswers(
  witness: string,
  timeoutMs: number,
  proxies: ProxySettings | null = null,
): Promise<boolean> {
  const url = new URL(`https://${witness}`);
  const proxy = proxyFor(url, proxies);
  return proxy ? answersThrough(proxy, url, timeoutMs) : answersDirectly(url, timeoutMs);
}

async function answersThrough(proxy: URL, url: URL, timeoutMs: number): Promise<boolean> {
  try {
    const socket = await openTunnel(proxy, url, AbortSignal.timeout(timeoutMs));
    socket.destroy();
    return true;
  } catch {
    return false;
  }
}

function answersDirectly(url: URL, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostOf(url), port: portOf(url) });
    const timer = setTimeout(() => settle(false), timeoutMs);
    const settle = (answers: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
