/** The proxy settings of the functions, from the stack's option. */

import { type ProxySettings, refuseProxy } from '../egress/proxy.ts';
import type { ProxyOptions } from './options.ts';

export function proxiesOf(proxy: ProxyOptions | undefined): ProxySettings | null {
  return proxy === undefined ? null : { https: proxy.url, http: proxy.url, except: proxy.except ?? [] };
}

/** Why the option cannot be used; null when it can. */
export function refuseProxyProp({ url, except = [] }: ProxyOptions): string | null {
  const refusal = refuseProxy(String(url));
  if (refusal !== null) return refusal.replace(/\.$/, '');
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') return 'expected a URL without user and password, got one with them';
  return Array.isArray(except) ? null : 'expected `except` to be a list of hosts';
}
