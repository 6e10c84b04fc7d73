/**
 * Resolves the keys of a provider before a probe: the references in its settings, its AWS credentials and its access
 * token, after checking that the provider's host may receive them.
 */

import type { Credentials } from '../base/aws-credentials.ts';
import { isSigned, refuseSigning } from '../egress/bedrock.ts';
import { forbiddenKeys, type KeyRights, keyNotSent } from '../egress/key-rights.ts';
import { type NamedKey, requestReferencesOf, tokenSecretOf, withValues } from '../egress/references.ts';
import type { ProviderConfig, TokenAuth } from '../health/provider.ts';
import type { AwsIdentity } from '../keys/aws-identity.ts';
import { KeyError, type KeyResolver } from '../keys/keys.ts';
import { Secret } from '../keys/secret.ts';
import { SettingError } from './setting-error.ts';
import { TokenError } from './tokens/token-error.ts';
import type { Token, Tokens } from './tokens/tokens.ts';
import { orAborted, TimeoutError } from './wire/deadline.ts';

/** A provider with resolved keys. */
export interface KeyedProvider {
  /** The configuration with values in place of all references except `apiKey`. Must never be shown or stored. */
  config: ProviderConfig;
  /** The key that `apiKey` names, or the token of `auth`; null: the endpoint needs none. */
  key: Secret | null;
  /** AWS credentials, where they sign the request; else null. */
  credentials: Credentials | null;
  /**
   * Texts that must not be shown: credentials, the values of references, and the values of the provider's own headers.
   */
  secrets: Secret[];
  /** The key, the credentials and the token that it was made from. While they are the same objects, it stays valid. */
  from: readonly unknown[];
}

/** The keys that a provider's settings name. */
interface KeyNeeds {
  /** The first key that may not be sent to its host; undefined when all may. */
  forbidden: NamedKey | undefined;
  references: readonly string[];
  /** Values of its own headers that must not be shown. */
  ownHeaders: readonly Secret[];
}

const NO_NEEDS: KeyNeeds = { forbidden: undefined, references: [], ownHeaders: [] };

/** The results for each provider, used again while its settings and its keys stay the same objects. */
export class KeyCache {
  readonly needs = new WeakMap<ProviderConfig, KeyNeeds>();
  readonly keyed = new WeakMap<ProviderConfig, KeyedProvider>();
}

/** A shorter value of a header is an ordinary word. Hiding it everywhere would make messages unreadable. */
const SHORTEST_SECRET_HEADER = 8;

/** The sources of keys, credentials and tokens. */
export interface KeySources {
  keys: KeyResolver;
  keyRights: KeyRights;
  awsIdentity: AwsIdentity;
  /** Created when the first provider needs a token. */
  tokens: () => Promise<Tokens>;
  cache: KeyCache;
}

/**
 * Resolves every key of the settings, after checking that the provider's host may receive them.
 *
 * @throws {SettingError} When a key may not be sent there, or cannot be read.
 * @throws {TokenError} When no token can be got.
 * @throws The signal's reason when the caller ends the probe.
 */
export async function resolveKeys(
  sources: KeySources,
  config: ProviderConfig,
  signal: AbortSignal,
): Promise<KeyedProvider> {
  const { keys, awsIdentity, tokens, cache } = sources;
  const { forbidden, references, ownHeaders } = needsOf(sources, config);
  if (forbidden) throw new SettingError(keyNotSent(forbidden));
  const values = await resolveAll(keys, references, signal);
  const credentials = isSigned(config) ? await identify(awsIdentity, config, signal) : null;
  const token = config.auth === null ? null : await tokenFor(tokens, config.auth, signal);
  const from = [...values, credentials, token];
  const before = cache.keyed.get(config);
  if (before?.from.every((part, index) => part === from[index])) return before;
  const resolved = new Map(references.map((reference, index) => [reference, values[index]]));
  const keyed: KeyedProvider = {
    config:
      references.length === 0
        ? config
        : withValues(config, (reference) => resolved.get(reference)?.reveal() ?? reference),
    key: config.apiKey === null ? (token?.token ?? null) : (resolved.get(config.apiKey) ?? null),
    credentials,
    secrets: [
      ...values,
      ...(token?.secrets ?? []),
      ...ownHeaders,
      ...secretsOf(credentials).map((value) => new Secret(value)),
    ],
    from,
  };
  cache.keyed.set(config, keyed);
  return keyed;
}

function needsOf({ keyRights, cache }: Pick<KeySources, 'keyRights' | 'cache'>, config: ProviderConfig): KeyNeeds {
  const before = cache.needs.get(config);
  if (before !== undefined) return before;
  const [forbidden] = forbiddenKeys(keyRights, config);
  const references = [...new Set(requestReferencesOf(config).map(({ reference }) => reference))];
  const ownHeaders = Object.values(config.headers)
    .filter((value) => value.length >= SHORTEST_SECRET_HEADER && !references.includes(value))
    .map((value) => new Secret(value));
  const isNone = forbidden === undefined && references.length + ownHeaders.length === 0;
  const needs = isNone ? NO_NEEDS : { forbidden, references, ownHeaders };
  cache.needs.set(config, needs);
  return needs;
}

async function identify(awsIdentity: AwsIdentity, { baseUrl }: ProviderConfig, signal: AbortSignal) {
  const refusal = refuseSigning(baseUrl);
  if (refusal !== null) throw new SettingError(`baseUrl: ${refusal}`);
  return orRefused(awsIdentity(), 'the AWS credentials', signal);
}

/** The request for a token has a timeout of its own; the probe's may be shorter. */
async function tokenFor(tokens: () => Promise<Tokens>, auth: TokenAuth, signal: AbortSignal): Promise<Token> {
  try {
    return await orAborted((await tokens()).get(auth), signal);
  } catch (error) {
    if (error instanceof KeyError) throw new SettingError(error.message, { cause: error });
    if (!(error instanceof TimeoutError)) throw error;
    const { host } = new URL(tokenSecretOf(auth).url);
    const message = `no token came from the token endpoint ${host} within ${error.timeoutMs / 1000} s`;
    throw new TokenError('timeout', message, { cause: error });
  }
}

function secretsOf(credentials: Credentials | null): string[] {
  if (credentials === null) return [];
  const { secretAccessKey, sessionToken } = credentials;
  return sessionToken ? [secretAccessKey, sessionToken] : [secretAccessKey];
}

async function resolveAll(
  keys: KeyResolver,
  references: readonly string[],
  signal: AbortSignal,
): Promise<readonly Secret[]> {
  if (references.length === 0) return [];
  const which = `${references.length === 1 ? 'the key' : 'one of the keys'} ${references.join(', ')}`;
  return orRefused(Promise.all(references.map((reference) => keys.resolve(reference))), which, signal);
}

/**
 * Waits for a lookup.
 *
 * @throws {SettingError} When it fails or takes too long.
 * @throws The signal's reason otherwise.
 */
async function orRefused<Value>(looked: Promise<Value>, which: string, signal: AbortSignal): Promise<Value> {
  try {
    return await orAborted(looked, signal);
  } catch (error) {
    if (error instanceof KeyError) throw new SettingError(error.message, { cause: error });
    if (!(error instanceof TimeoutError)) throw error;
    throw new SettingError(`${which} could not be read within ${error.timeoutMs / 1000} s`, { cause: error });
  }
}
