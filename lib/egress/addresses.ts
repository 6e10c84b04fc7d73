/**
 * What kind of place an IP address is: the whole internet, this machine, the link that it hangs on, a private network, or
 * nowhere a probe may go. Which kinds a policy allows is left to guard.ts.
 */

import ipaddr from 'ipaddr.js';

/** `forbidden`: cloud metadata, and every range that is neither a host on the internet nor one in a private network. */
export type AddressKind = 'global' | 'loopback' | 'link-local' | 'private' | 'forbidden';

/**
 * Where clouds hand credentials to every caller: no policy opens these. Most lie in link-local ranges, but some in
 * ranges that a private network may use, and Azure's in the open internet.
 */
const METADATA = [
  '169.254.169.0/24', // AWS, Google, Azure, Oracle, DigitalOcean, OpenStack: credentials, DNS and time
  '169.254.170.0/24', // AWS: credentials of ECS tasks and EKS pods
  '169.254.78.0/23', // AWS: services inside a Lambda function's sandbox
  '169.254.0.23/32', // Tencent
  '169.254.42.42/32', // Scaleway
  '100.100.100.200/32', // Alibaba
  '168.63.129.16/32', // Azure: the host's own service
  '192.0.0.192/32', // Oracle, older
  'fd00:ec2::/32', // AWS: metadata, EKS pods, DNS and time
  'fd20:ce::254/128', // Google
  'fd00:42::42/128', // Scaleway
  'fe80::a9fe:a9fe/128', // OpenStack
].map((range) => ipaddr.parseCIDR(range));

/** IPv6 addresses of hosts on the internet. `::7f00:1` and others outside of it are leftovers of older schemes. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Kinds of the addresses seen last: a probe asks three times, and a tick connects to those of the tick before. */
const seen = new Map<string, AddressKind>();
const MOST_SEEN = 4096;
const LONGEST_SEEN = 45;

/** The kind of an address in its textual form; a text that is no address is `forbidden`. */
export function addressKind(text: string): AddressKind {
  const known = seen.get(text);
  if (known !== undefined) return known;
  const kind = kindOf(text);
  if (text.length > LONGEST_SEEN) return kind;
  if (seen.size >= MOST_SEEN) seen.clear();
  seen.set(text, kind);
  return kind;
}

function kindOf(text: string): AddressKind {
  // Only the four-part decimal form: what a resolver or a socket reports is never octal or abbreviated.
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return 'forbidden';
  const address = ipaddr.parse(text);
  if (METADATA.some((range) => isWithin(address, range))) return 'forbidden';
  switch (address.range()) {
    case 'unicast':
      return address.kind() === 'ipv4' || isWithin(address, GLOBAL_UNICAST) ? 'global' : 'forbidden';
    case 'loopback':
      return 'loopback';
    case 'linkLocal':
      return 'link-local';
    case 'private':
    case 'carrierGradeNat':
    case 'uniqueLocal':
      return 'private';
    default:
      // Also every form that carries an IPv4 address inside an IPv6 one (mapped, NAT64, 6to4, Teredo): where it ends
      // is decided by a gateway, so what is inside proves nothing.
      return 'forbidden';
  }
}

type Address = ReturnType<typeof ipaddr.parse>;

/** Whether an address lies in a range. One of another version does not. */
export function isWithin(address: Address, [network, bits]: [Address, number]): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
