/**
 * Where a request may go: decided on the URL as it is written, on every address that its name resolves to, and, by
 * lib/probe's transport, on the address that was connected. Without the last two, a name that resolves differently
 * the second time would reach the services of this machine.
 */

import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { mayBeLoopbackName } from '../base/loopback.ts';
import { type AddressKind, addressKind } from './addresses.ts';

/**
 * - `public`: https to hosts on the internet, nothing else.
 * - `loopback`: this machine too, also over http.
 * - `private`: private networks and this machine too, and http everywhere.
 * - `vpc`: private networks too, and http everywhere, but neither this machine nor its link. What a deployed function may
 *   be given: Lambda hands events and credentials to every caller on the function's own loopback.
 *
 * Cloud metadata is refused by all. A value that code passes, or a flag of the command line; never read from the
 * environment.
 */
export const ADDRESS_POLICIES = ['public', 'loopback', 'private', 'vpc'] as const;

export type AddressPolicy = (typeof ADDRESS_POLICIES)[number];

const ALLOWED: Record<AddressPolicy, ReadonlySet<AddressKind>> = {
  public: new Set<AddressKind>(['global']),
  loopback: new Set<AddressKind>(['global', 'loopback']),
  private: new Set<AddressKind>(['global', 'loopback', 'link-local', 'private']),
  vpc: new Set<AddressKind>(['global', 'private']),
};

/** A name does not show whether it lies in a private network, so where those are allowed, http is. */
const HTTP_ALLOWED: ReadonlySet<AddressPolicy> = new Set<AddressPolicy>(['private', 'vpc']);

/** One text for every address: a reason would map our network for callers who may register providers. */
const FORBIDDEN =
  'expected https and a host on the internet. Private addresses need allowPrivateNetwork (--allow-private-network), others are never allowed';

const LONGEST_URL = 2048;

/** A look-up or a connection that ended at an address which the policy does not allow. Recognise it by its `code`. */
export class AddressForbiddenError extends Error {
  override readonly name = 'AddressForbiddenError';
  readonly code = 'ERR_ADDRESS_FORBIDDEN';

  constructor() {
    super(`address not allowed: ${FORBIDDEN}`);
  }
}

/** Whether a looked-up or connected address may be used. A text that is no address may not. */
export function isAllowedAddress(ip: string, policy: AddressPolicy): boolean {
  return ALLOWED[policy].has(addressKind(ip));
}

/** Why a URL may not be used as a provider's base, in words that repeat no part of it; null when it may. */
export function refuseBaseUrl(url: string, policy: AddressPolicy): string | null {
  const refusal = refuseUrl(url, policy);
  if (refusal !== null) return refusal;
  // Paths are put behind a base URL, so these would swallow them.
  if (/[?#]/.test(url)) return 'expected a URL without "?" and "#": paths are put behind it';
  return null;
}

/** As `refuseBaseUrl`, for a URL that is called as it is: a webhook, a heartbeat. */
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
 * A `dns.lookup` for `net.connect` and `tls.connect` that fails with `ERR_ADDRESS_FORBIDDEN` when any address of the
 * answer is not allowed: one bad address among good ones is an attack, or a mistake that should be seen. It is not
 * called for literal addresses, which is why the connected address is checked as well.
 *
 * @param lookup The look-up behind it. Default: the system's.
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

/** Refuses what two parsers could read differently, before either of them reads it. */
function refuseForm(url: string): string | null {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  if (authority === undefined) return 'expected a URL that starts with https://';
  if (url.includes('\\')) return 'expected a URL without "\\"';
  // WHATWG parsing drops tabs and line ends, and maps other alphabets to ASCII: neither is ever meant.
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

/** The kind of a literal address or of a name that always means this machine; null when it takes a look-up. */
function hostKind(hostname: string): AddressKind | null {
  // WHATWG parsing has turned 0x7f.1, 2130706433 and 0177.0.0.1 into 127.0.0.1 by now.
  if (hostname.startsWith('[')) return addressKind(hostname.slice(1, -1));
  if (/^[0-9.]+$/.test(hostname)) return addressKind(hostname);
  return mayBeLoopbackName(hostname) ? 'loopback' : null;
}
