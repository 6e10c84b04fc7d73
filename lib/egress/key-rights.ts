/**
 * Decides which key may be sent to which origin. Without this rule, a caller who may register providers could have any configured
 * key sent to a host of their own. A key may go only to the origins that the configuration names together with its reference. The
 * secret for access tokens may go only to the token endpoint, and the tokens only to the provider.
 */

import type { ProviderConfig } from '../health/provider.ts';
import { isSigned } from './bedrock.ts';
import { type KeyedSettings, type NamedKey, referencesOf } from './references.ts';

/** A reference that registered providers may use, and the hosts to which it may be sent. */
export interface RegisteredKey {
  apiKey: string;
  /** `host` or `host:port` for https; with `http://` before it where the address policy allows http. */
  hosts: readonly string[];
}

/** In place of a reference: the monitor's own AWS credentials. */
const AWS_IDENTITY = 'aws-identity';

/** In place of a reference: the access tokens for a credential, which follows this prefix. */
const TOKEN = 'token-of ';

export interface KeyRights {
  /** Whether the key of a reference may be sent to the origin of `baseUrl`. */
  allows(reference: string, baseUrl: string): boolean;
}

/** All rights, for a program that registers its own providers: it has the keys anyway. */
export const EVERY_KEY: KeyRights = { allows: () => true };

/** The same text whether the reference exists or not, so that callers cannot find out which references exist. */
const KEY_REFUSAL =
  'expected a reference that the configuration names for this host, got another. Declare a provider with both, or add them to "registeredKeys"';

const TOKEN_REFUSAL =
  'expected credentials whose tokens the configuration sends to this host, got others. Declare a provider with both';

const IDENTITY_REFUSAL =
  'expected a key, since the configuration signs no requests to this host by AWS credentials. Declare a "bedrock" provider without apiKey for it, or write a key';

/** The reason why a registration with such a key is refused. */
export function keyRefusal({ reference }: NamedKey): string {
  return withoutReference(reference) ?? KEY_REFUSAL;
}

/** {@link keyRefusal} for a probe. The text avoids "apiKey:", because redaction would mask the words after it. */
export function keyNotSent({ field, reference }: NamedKey): string {
  const refusal = withoutReference(reference);
  if (refusal !== null) return `no request was sent: ${refusal}`;
  return `no request was sent, since ${field} is not a reference that the configuration names for this host. Declare a provider with both, or add them to "registeredKeys"`;
}

function withoutReference(reference: string): string | null {
  if (reference === AWS_IDENTITY) return IDENTITY_REFUSAL;
  return reference.startsWith(TOKEN) ? TOKEN_REFUSAL : null;
}

/** The form of an entry of {@link RegisteredKey.hosts}. */
export const HOST_ENTRY = /^(?:https?:\/\/)?(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$/;

/** The rights in a configuration: those of its providers, and those of `registeredKeys`. */
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

/** The references of a provider that may not be sent to its host. */
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

/** The URL for an entry of {@link RegisteredKey.hosts}. */
export function urlOfHost(host: string): string {
  return /^https?:\/\//i.test(host) ? host : `https://${host}`;
}

/** Hosts of one operator in several regions, with the same keys. */
const FAMILIES: Readonly<Record<string, RegExp>> = {
  // Bedrock's API keys.
  bedrock:
    /^https:\/\/bedrock-(?:runtime\.[a-z]{2}(?:-[a-z]+)+-\d+\.amazonaws\.com|mantle\.[a-z]{2}(?:-[a-z]+)+-\d+\.api\.aws)$/,
  // Vertex AI: one host for all regions, and one in each.
  vertex: /^https:\/\/(?:[a-z]+-[a-z]+\d+-)?aiplatform\.googleapis\.com$/,
};

/**
 * The origin of a URL (scheme, host and port, as WHATWG parsing writes them), and its family of hosts. Another port is another
 * origin, because another program listens there; so is http instead of https. A dot at the end of the host, capitals and the
 * default port make no difference.
 */
function placesOf(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { protocol, hostname, port } = new URL(url);
  const origin = `${protocol}//${hostname.replace(/\.$/, '')}${port === '' ? '' : `:${port}`}`;
  const families = Object.entries(FAMILIES).flatMap(([family, hosts]) => (hosts.test(origin) ? family : []));
  return [origin, ...families];
}
