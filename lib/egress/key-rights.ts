/**
 * Which key may be sent where. A provider that was registered while the monitor runs names its own host, so without this
 * a caller who may register one could have any configured key sent to a host of his own. A reference goes to the origins that the
 * configuration names it with, and nowhere else: the secret that tokens are given for to the token endpoint, the tokens to
 * the provider.
 */

import type { ProviderConfig } from '../health/provider.ts';
import { isSigned } from './bedrock.ts';
import { type KeyedSettings, type NamedKey, referencesOf } from './references.ts';

/** A reference that registered providers may use, and where. */
export interface RegisteredKey {
  apiKey: string;
  /** `host` or `host:port` for https; with `http://` before it where the address policy allows http. */
  hosts: readonly string[];
}

/** Stands for the credentials of AWS that the monitor itself runs with, where a key has a reference. */
const AWS_IDENTITY = 'aws-identity';

/** Begins what stands for the tokens of a credential. */
const TOKEN = 'token-of ';

export interface KeyRights {
  /** Whether the configuration lets what `reference` names be sent to the origin of `baseUrl`. */
  allows(reference: string, baseUrl: string): boolean;
}

/** For a program that registers its own providers: it has the keys already. */
export const EVERY_KEY: KeyRights = { allows: () => true };

/** The same text whether the reference exists or not: which do would help to guess them. */
const KEY_REFUSAL =
  'expected a reference that the configuration names for this host, got another. Declare a provider with both, or add them to "registeredKeys"';

const TOKEN_REFUSAL =
  'expected credentials whose tokens the configuration sends to this host, got others. Declare a provider with both';

const IDENTITY_REFUSAL =
  'expected a key, since the configuration signs no requests to this host by AWS credentials. Declare a "bedrock" provider without apiKey for it, or write a key';

/** Why a registration with such a key is refused. */
export function keyRefusal({ reference }: NamedKey): string {
  return withoutReference(reference) ?? KEY_REFUSAL;
}

/** As {@link keyRefusal}, for a provider that was to be probed. "apiKey:" would be masked with what follows it. */
export function keyNotSent({ field, reference }: NamedKey): string {
  const refusal = withoutReference(reference);
  if (refusal !== null) return `no request was sent: ${refusal}`;
  return `no request was sent, since ${field} is not a reference that the configuration names for this host. Declare a provider with both, or add them to "registeredKeys"`;
}

function withoutReference(reference: string): string | null {
  if (reference === AWS_IDENTITY) return IDENTITY_REFUSAL;
  return reference.startsWith(TOKEN) ? TOKEN_REFUSAL : null;
}

/** Completes {@link RegisteredKey.hosts}: what an entry may be. */
export const HOST_ENTRY = /^(?:https?:\/\/)?(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$/;

/** The rights that a configuration gives: those of its providers, and those that it lists. */
export function keyRightsOf({
  providers,
  registeredKeys,
}: {
  providers: readonly ProviderConfig[];
  registeredKeys: readonly RegisteredKey[];
}): KeyRights {
  const places = new Set<string>();
  const allow = (reference: string, url: string) => {
    for (const place of placesOf(url)) places.add(`${reference} ${place}`);
  };
  for (const provider of providers) {
    for (const { reference, url } of needsOf(provider)) allow(reference, url);
  }
  for (const { apiKey, hosts } of registeredKeys) for (const host of hosts) allow(apiKey, urlOfHost(host));
  return { allows: (reference, baseUrl) => placesOf(baseUrl).some((place) => places.has(`${reference} ${place}`)) };
}

/** The references of a provider that its host may not get. */
export function forbiddenKeys(rights: KeyRights, settings: RightsSettings): NamedKey[] {
  return needsOf(settings).filter(({ reference, url }) => !rights.allows(reference, url));
}

type RightsSettings = KeyedSettings & Pick<ProviderConfig, 'type'>;

function needsOf(settings: RightsSettings): NamedKey[] {
  const { auth, baseUrl: url } = settings;
  const identity = isSigned(settings) ? [{ field: 'apiKey', reference: AWS_IDENTITY, url }] : [];
  const tokens = auth === null ? [] : [{ field: 'auth', reference: `${TOKEN}${JSON.stringify(auth)}`, url }];
  return [...identity, ...referencesOf(settings), ...tokens];
}

/** The URL that an entry of {@link RegisteredKey.hosts} stands for. */
export function urlOfHost(host: string): string {
  return /^https?:\/\//i.test(host) ? host : `https://${host}`;
}

/** Hosts of one operator that take the same keys, one in each of its regions. */
const FAMILIES: Readonly<Record<string, RegExp>> = {
  // Bedrock's API keys.
  bedrock:
    /^https:\/\/bedrock-(?:runtime\.[a-z]{2}(?:-[a-z]+)+-\d+\.amazonaws\.com|mantle\.[a-z]{2}(?:-[a-z]+)+-\d+\.api\.aws)$/,
  // Vertex AI: one host for all regions, and one in each.
  vertex: /^https:\/\/(?:[a-z]+-[a-z]+\d+-)?aiplatform\.googleapis\.com$/,
};

/**
 * An origin (scheme, host and port, as WHATWG parsing writes them), and its family. Another port of the same host is
 * another place, since another program listens there; so is http instead of https. A dot at the end of the host, capitals
 * and the default port make no difference.
 */
function placesOf(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { protocol, hostname, port } = new URL(url);
  const origin = `${protocol}//${hostname.replace(/\.$/, '')}${port === '' ? '' : `:${port}`}`;
  const families = Object.entries(FAMILIES).flatMap(([family, hosts]) => (hosts.test(origin) ? family : []));
  return [origin, ...families];
}
