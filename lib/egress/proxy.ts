/**
 * Through which HTTP proxy a host is reached, where a network lets nothing out without one: what HTTPS_PROXY, HTTP_PROXY and
 * NO_PROXY say, read as curl and Go read them. How a connection is made through it is lib/probe's transport.
 */

import ipaddr from 'ipaddr.js';
import { isLoopbackHost, mayBeLoopbackName } from '../base/loopback.ts';
import { portOf } from '../base/url-host.ts';
import { isWithin } from './addresses.ts';

export interface ProxySettings {
  /** For https; null: none. */
  https: string | null;
  /** For http; null: none. */
  http: string | null;
  /**
   * What is reached without one: `*`, a host, the end of a name (`.example.com`), an address or a range of addresses; each
   * with a port, or for all of them.
   */
  except: readonly string[];
}

/** A setting that is no proxy. The message repeats nothing of it: it may hold a password. */
export class ProxySettingError extends Error {
  override readonly name = 'ProxySettingError';
  /** Where it is set, such as HTTPS_PROXY. */
  readonly place: string;

  constructor(place: string, message: string) {
    super(`${place}: ${message}`);
    this.place = place;
  }
}

/**
 * What the environment says; null when it names no proxy.
 *
 * @throws {ProxySettingError}
 */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): ProxySettings | null {
  const https = proxyIn(env, 'https_proxy', 'HTTPS_PROXY');
  // A CGI program gets a request's header `Proxy` under this name.
  const http = env.REQUEST_METHOD === undefined ? proxyIn(env, 'http_proxy', 'HTTP_PROXY') : null;
  if (https === null && http === null) return null;
  const except = (env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]/).filter((entry) => entry !== '');
  return { https, http, except };
}

/** What this process's environment says. @param wrong Makes the error to throw where a setting is no proxy. */
export function proxiesOfEnvironment(wrong: (error: ProxySettingError) => Error): ProxySettings | null {
  try {
    return proxiesOf(process.env);
  } catch (error) {
    throw error instanceof ProxySettingError ? wrong(error) : error;
  }
}

/** In lower case first, as curl reads them. */
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

/** Why a URL is none of a proxy; null when it is one. */
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

/** The proxy to reach a URL through; null: none. What this machine listens at is always reached without one. */
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
  // An IPv6 address has colons of its own, and its port behind brackets.
  const only = /^(?:\[.*\]|[^:]*):(\d+)$/.exec(entry)?.[1];
  if (only !== undefined && only !== port) return false;
  const bare = only === undefined ? entry : entry.slice(0, -only.length - 1);
  const name = nameOf(bare.replace(/^\*?\./, ''));
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}

/** Without the brackets of an IPv6 address, of which there is one form, and without a dot at the end. */
function nameOf(host: string): string {
  const name = host.replace(/[[\]]/g, '').replace(/\.$/, '');
  return ipaddr.IPv6.isValid(name) ? ipaddr.IPv6.parse(name).toString() : name;
}

function isInRange(range: string, host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.isValidCIDR(range) && isWithin(ipaddr.parse(host), ipaddr.parseCIDR(range));
}
