/**
 * Decides the kind of an IP address: the internet, this machine, its link, a private network, or forbidden. guard.ts decides
 * which kinds a policy allows.
 */

import ipaddr from 'ipaddr.js';

/** `forbidden`: cloud metadata, and every range that contains no ordinary hosts. */
export type AddressKind = 'global' | 'loopback' | 'link-local' | 'private' | 'forbidden';

/**
 * Addresses at which clouds give credentials to every caller. No policy allows them. Most are in link-local ranges, some in ranges
 * of private networks, and Azure's is in the public internet.
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

/** The range of IPv6 addresses on the internet. Addresses outside of it, such as `::7f00:1`, come from obsolete schemes. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** A cache of kinds: a probe asks three times for each address, and each tick connects to the same addresses. */
const seen = new Map<string, AddressKind>();
const MOST_SEEN = 4096;
const LONGEST_SEEN = 45;

/** The kind of an address; `forbidden` for a text that is not an address. */
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
  // Accept only the form with four decimal parts, because resolvers and sockets report no other.
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
      // This includes IPv6 addresses that contain an IPv4 address (mapped, NAT64, 6to4, Teredo): a gateway decides where
      // they lead, so the address inside proves nothing.
      return 'forbidden';
  }
}

type Address = ReturnType<typeof ipaddr.parse>;

/** Whether an address is in a range; false if one is IPv4 and the other IPv6. */
export function isWithin(address: Address, [network, bits]: [Address, number]): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
