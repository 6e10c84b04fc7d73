/**
 * Prepares a probe before it uses the network: resolves keys, builds the request, and checks whether it may be sent.
 * What follows from a provider's settings and keys alone is made once, and used again while both are the same objects.
 */

import type { Credentials } from '../base/aws-credentials.ts';
import { isSigned, refuseSigning } from '../egress/bedrock.ts';
import { type AddressPolicy, refuseUrl } from '../egress/guard.ts';
import { forbiddenKeys, type KeyRights, keyNotSent } from '../egress/key-rights.ts';
import { type NamedKey, requestReferencesOf, tokenSecretOf, withValues } from '../egress/references.ts';
import type { ProbeKind, ProviderConfig, TokenAuth } from '../health/provider.ts';
import type { AwsIdentity } from '../keys/aws-identity.ts';
import type { KeyResolver } from '../keys/keys.ts';
import { KeyError } from '../keys/keys.ts';
import { Secret } from '../keys/secret.ts';
import type { Adapter, ProbeRequest, StreamFormat, StreamJudge } from './adapters/adapter.ts';
import { supportsProbe } from './presets/presets.ts';
import { TokenError } from './tokens/token-error.ts';
import type { Token, Tokens } from './tokens/tokens.ts';
import { orAborted, TimeoutError } from './wire/deadline.ts';
import { type CreateReader, createEventReader } from './wire/event-stream.ts';

/** A setting of the provider makes the probe impossible. No request was sent. The message is safe to show. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** A request that may be sent. */
interface Permitted {
  request: ProbeRequest;
  url: URL;
}

export interface Prepared extends Permitted {
  /** Null when the probe does not stream. */
  stream: PreparedStream | null;
}

export interface PreparedStream {
  judge: StreamJudge;
  createReader: CreateReader;
}

/** A provider with resolved keys. */
export interface Keyed {
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
  /** The requests that were built from it, without a signature: that is valid for a moment only. */
  requests: Partial<Record<ProbeKind, Permitted>>;
  /** What it was made from, beside the settings. */
  from: readonly unknown[];
}

/** What a provider's settings say of its keys. */
interface Needs {
  /** The first that its host may not get. */
  forbidden: NamedKey | undefined;
  references: readonly string[];
  /** Values of its own headers that must not be shown. */
  ownHeaders: readonly Secret[];
}

const NO_NEEDS: Needs = { forbidden: undefined, references: [], ownHeaders: [] };

/** Of each provider, what was made of its settings and, with them, of its keys. */
export class Known {
  readonly needs = new WeakMap<ProviderConfig, Needs>();
  readonly keyed = new WeakMap<ProviderConfig, Keyed>();
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
  known: Known;
}

/**
 * Resolves every key of the settings, after checking that the provider's host may receive them.
 *
 * @throws {SettingError} When a key may not be sent there, or cannot be read.
 * @throws {TokenError} When no token can be got.
 * @throws The signal's reason when the caller ends the probe.
 */
export async function resolveKeys(sources: KeySources, config: ProviderConfig, signal: AbortSignal): Promise<Keyed> {
  const { keys, awsIdentity, tokens, known } = sources;
  const { forbidden, references, ownHeaders } = needsOf(sources, config);
  if (forbidden) throw new SettingError(keyNotSent(forbidden));
  const values = await resolveAll(keys, references, signal);
  const credentials = isSigned(config) ? await identify(awsIdentity, config, signal) : null;
  const token = config.auth === null ? null : await tokenFor(tokens, config.auth, signal);
  const from = [...values, credentials, token];
  const before = known.keyed.get(config);
  if (before?.from.every((part, index) => part === from[index])) return before;
  const resolved = new Map(references.map((reference, index) => [reference, values[index]]));
  const keyed: Keyed = {
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
    requests: {},
    from,
  };
  known.keyed.set(config, keyed);
  return keyed;
}

function needsOf({ keyRights, known }: Pick<KeySources, 'keyRights' | 'known'>, config: ProviderConfig): Needs {
  const before = known.needs.get(config);
  if (before !== undefined) return before;
  const [forbidden] = forbiddenKeys(keyRights, config);
  const references = [...new Set(requestReferencesOf(config).map(({ reference }) => reference))];
  const ownHeaders = Object.values(config.headers)
    .filter((value) => value.length >= SHORTEST_SECRET_HEADER && !references.includes(value))
    .map((value) => new Secret(value));
  const isNone = forbidden === undefined && references.length + ownHeaders.length === 0;
  const needs = isNone ? NO_NEEDS : { forbidden, references, ownHeaders };
  known.needs.set(config, needs);
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
  return sessionToken === undefined ? [secretAccessKey] : [secretAccessKey, sessionToken];
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

/** @throws {SettingError} */
export async function prepare(
  adapter: Adapter,
  kind: ProbeKind,
  keyed: Keyed,
  policy: AddressPolicy,
): Promise<Prepared> {
  const { config, credentials } = keyed;
  const { request, url } = keyed.requests[kind] ?? permitted(adapter, kind, keyed, policy);
  const stream =
    kind === 'stream'
      ? { judge: adapter.streamJudge(config), createReader: await readerFor(adapter.streamFormat) }
      : null;
  // Loaded for the first request that is signed: a cold start without Bedrock does not read it.
  const sent = credentials === null ? request : (await import('./signing.ts')).signed(request, credentials);
  return { request: sent, url, stream };
}

/** @throws {SettingError} */
function permitted(
  adapter: Adapter,
  kind: ProbeKind,
  { config, key, requests }: Keyed,
  policy: AddressPolicy,
): Permitted {
  if (!supportsProbe(config.type, kind)) {
    throw new SettingError(`probe: providers of type "${config.type}" have no "${kind}". Use "completion"`);
  }
  const request = adapter.buildRequest(config, key, kind);
  const refusal = refuseUrl(request.url, policy);
  if (refusal !== null) throw new SettingError(`baseUrl: ${refusal}`);
  const built = { request, url: new URL(request.url) };
  requests[kind] = built;
  return built;
}

async function readerFor(format: StreamFormat): Promise<CreateReader> {
  if (format === 'text/event-stream') return createEventReader;
  try {
    return (await import('./wire/frames.ts')).createFrameReader;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const message = 'probe: "stream" of this type needs the package @smithy/core. Install it, or use "completion"';
    throw new SettingError(message, { cause: error });
  }
}
