/**
 * Decides where a request may go. There are three checks: of the URL, of every address that its name resolves to, and (in
 * lib/probe's transport) of the address that was connected. Without the last two, a name that resolves to another address the
 * second time (DNS rebinding) could reach services of this machine.
 */

import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { mayBeLoopbackName } from '../base/loopback.ts';
import { type AddressKind, addressKind } from './addresses.ts';

/**
 * - `public`: only https, only to hosts on the internet.
 * - `loopback`: also this machine, by https or http.
 * - `private`: also this machine, its link and private networks; http is allowed everywhere.
 * - `vpc`: also private networks, with http everywhere, but not this machine and its link. It is for deployed functions: Lambda
 *   gives events and credentials to every caller on the function's own loopback.
 *
 * All policies refuse cloud metadata. Code or a flag of the command line sets the policy, never an environment variable.
 */
export const ADDRESS_POLICIES = ['public', 'loopback', 'private', 'vpc'] as const;

export type AddressPolicy = (typeof ADDRESS_POLICIES)[number];

const ALLOWED: Record<AddressPolicy, ReadonlySet<AddressKind>> = {
  public: new Set<AddressKind>(['global']),
  loopback: new Set<AddressKind>(['global', 'loopback']),
  private: new Set<AddressKind>(['global', 'loopback', 'link-local', 'private']),
  vpc: new Set<AddressKind>(['global', 'private']),
};

/** Policies that allow http. A name does not show whether its host is in a private network, so http is allowed to all hosts. */
const HTTP_ALLOWED: ReadonlySet<AddressPolicy> = new Set<AddressPolicy>(['private', 'vpc']);

/** The same text for every address: an exact reason would show callers who may register providers what our network contains. */
export const FORBIDDEN =
  'expected https and a host on the internet. Private addresses need allowPrivateNetwork (--allow-private-network), others are never allowed';

const LONGEST_URL = 2048;

/** A name resolved to an address that the policy does not allow, or a connection reached one. Recognise it by `code`. */
export class AddressForbiddenError extends Error {
  override readonly name = 'AddressForbiddenError';
  readonly code = 'ERR_ADDRESS_FORBIDDEN';

  constructor() {
    super(`address not allowed: ${FORBIDDEN}`);
  }
}

/** Whether the policy allows an address; false for a text that is not an address. */
export function isAllowedAddress(ip: string, policy: AddressPolicy): boolean {
  return ALLOWED[policy].has(addressKind(ip));
}

/** The reason why a URL may not be a provider's base URL; null when it may. The text quotes no part of the URL. */
export function refuseBaseUrl(url: string, policy: AddressPolicy): string | null {
  const refusal = refuseUrl(url, policy);
  if (refusal !== null) return refusal;
  // Paths are appended to a base URL, so it cannot have a query or a fragment.
  if (/[?#]/.test(url)) return 'expected a URL without "?" and "#": paths are appended to it';
  return null;
}

/** `refuseBaseUrl` for a URL that is called unchanged: a webhook, a heartbeat call. */
export function refuseUrl(url: string, policy: AddressPolicy): string | null {
  if (url.length > LONGEST_URL) return `expected a URL of at most ${LONGEST_URL} characters, got ${url.length}`;
  const form = refuseForm(url);
  if (form !== null) return form;
  const { protocol, hostname } = new URL(url);
  const kind = hostKind(hostname);
  if (kind !== null && !ALLOWED[policy].has(kind)) return FORBIDDEN;
  if (protocol === 'http:' && !HTTP_ALLOWED.has(policy) && kind !== 'loopback') return FORBIDDEN;
  return null;
}

/**
 * A `dns.lookup` for `net.connect` and `tls.connect`. It fails with `ERR_ADDRESS_FORBIDDEN` when any address of the answer is not
 * allowed, because one forbidden address among others is an attack or a mistake. Node.js does not call it for literal addresses,
 * so the connected address is checked too.
 *
 * @param lookup The look-up to use. Default: the system's.
 */
export function guardedLookup(policy: AddressPolicy, lookup: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      if (error) return callback(error, found, family);
      const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
      if (!addresses.every((address) => isAllowedAddress(address, policy))) {
        return callback(new AddressForbiddenError(), [], 0);
      }
      callback(null, found, family);
    });
  };
}

/** Refuses URLs that two parsers could read differently. */
function refuseForm(url: string): string | null {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  if (authority === undefined) return 'expected a URL that starts with https://';
  if (url.includes('\\')) return 'expected a URL without "\\"';
  // WHATWG parsing would remove tabs and line ends, and map other alphabets to ASCII.
  if (!/^[\x21-\x7e]*$/.test(url)) return 'expected a URL of visible ASCII characters';
  if (authority.includes('@')) return 'expected a URL without user or password';
  if (authority.includes('%')) return 'expected a host without "%"';
  // "https:///v1" would be read as the host "v1".
  if (authority === '' || !URL.canParse(url)) {
    return 'expected a URL with a host, such as "https://api.example.com/v1"';
  }
  if (new URL(url).port === '0') return 'expected a port from 1 to 65535: nothing listens at port 0';
  return null;
}

/** The kind of a literal address, or of a name that always means this machine; null for a name that needs a look-up. */
function hostKind(hostname: string): AddressKind | null {
  // WHATWG parsing has already turned 0x7f.1, 2130706433 and 0177.0.0.1 into 127.0.0.1.
  if (hostname.startsWith('[')) return addressKind(hostname.slice(1, -1));
  if (/^[0-9.]+$/.test(hostname)) return addressKind(hostname);
  return mayBeLoopbackName(hostname) ? 'loopback' : null;
}
