/**
 * Decides through which HTTP proxy a host is reached, by HTTPS_PROXY, HTTP_PROXY and NO_PROXY, which are read as curl and Go read
 * them. tunnel.ts opens the connection.
 */

import ipaddr from 'ipaddr.js';
import { isLoopbackHost, mayBeLoopbackName } from '../base/loopback.ts';
import { portOf } from '../base/url-host.ts';
import { isWithin } from './addresses.ts';

export interface ProxySettings {
  /** URL of the proxy for https; null: none. */
  https: string | null;
  /** URL of the proxy for http; null: none. */
  http: string | null;
  /**
   * Hosts that are reached without a proxy: `*`, a host, the end of a name (`.example.com`), an address or a range of addresses.
   * An entry can have a port; without a port it means all ports.
   */
  except: readonly string[];
}

/** A setting is not the URL of a proxy. The message does not quote it, because it may contain a password. */
export class ProxySettingError extends Error {
  override readonly name = 'ProxySettingError';
  /** Name of the setting, such as HTTPS_PROXY. */
  readonly place: string;

  constructor(place: string, message: string) {
    super(`${place}: ${message}`);
    this.place = place;
  }
}

/**
 * The proxies in environment variables; null when there are none.
 *
 * @throws {ProxySettingError}
 */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): ProxySettings | null {
  const https = proxyIn(env, 'https_proxy', 'HTTPS_PROXY');
  // In a CGI program HTTP_PROXY contains the request's header `Proxy`, so it is not trusted.
  const http = env.REQUEST_METHOD === undefined ? proxyIn(env, 'http_proxy', 'HTTP_PROXY') : null;
  if (https === null && http === null) return null;
  const except = (env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]/).filter((entry) => entry !== '');
  return { https, http, except };
}

/** The proxies of this process's environment. @param wrong Creates the error to throw for a wrong setting. */
export function proxiesOfEnvironment(wrong: (error: ProxySettingError) => Error): ProxySettings | null {
  try {
    return proxiesOf(process.env);
  } catch (error) {
    throw error instanceof ProxySettingError ? wrong(error) : error;
  }
}

/** The first variable that is set. Lower-case names come first, as in curl. */
function proxyIn(env: Readonly<Record<string, string | undefined>>, ...names: readonly string[]): string | null {
  for (const name of names) {
    const text = env[name]?.trim();
    if (text) return proxyNamed(name, text);
  }
  return null;
}

function proxyNamed(name: string, text: string): string {
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const refusal = refuseProxy(url);
  if (refusal !== null) throw new ProxySettingError(name, `${refusal} Unset it to go without a proxy.`);
  return new URL(url).href;
}

/** The reason why a URL cannot be a proxy's; null when it can. */
export function refuseProxy(url: string): string | null {
  const expected = 'expected the URL of an HTTP proxy, such as http://proxy.example.com:3128';
  if (!URL.canParse(url)) return `${expected}, got something else.`;
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return `${expected}, got one of ${protocol}//.`;
  return isEncoded(username) && isEncoded(password)
    ? null
    : 'expected user and password percent-encoded, with %25 for a %, got something else.';
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The proxy for a URL; null: none. This machine is always reached without a proxy. */
export function proxyFor(url: URL, settings: ProxySettings | null): URL | null {
  const proxy = url.protocol === 'https:' ? settings?.https : settings?.http;
  if (!settings || !proxy) return null;
  const host = nameOf(url.hostname.toLowerCase());
  if (isLoopbackHost(host) || mayBeLoopbackName(host)) return null;
  const port = String(portOf(url));
  return settings.except.some((entry) => covers(entry.toLowerCase(), host, port)) ? null : new URL(proxy);
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInRange(entry, host);
  // An IPv6 address contains colons; its port follows the brackets.
  const only = /^(?:\[.*\]|[^:]*):(\d+)$/.exec(entry)?.[1];
  if (only !== undefined && only !== port) return false;
  const bare = only === undefined ? entry : entry.slice(0, -only.length - 1);
  const name = nameOf(bare.replace(/^\*?\./, ''));
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}

/** A host without brackets and without a dot at the end. IPv6 addresses are written in one standard form. */
function nameOf(host: string): string {
  const name = host.replace(/[[\]]/g, '').replace(/\.$/, '');
  return ipaddr.IPv6.isValid(name) ? ipaddr.IPv6.parse(name).toString() : name;
}

function isInRange(range: string, host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.isValidCIDR(range) && isWithin(ipaddr.parse(host), ipaddr.parseCIDR(range));
}
