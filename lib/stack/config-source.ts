/** Reads and validates the configuration of a stack. A mistake stops the synthesis. */

import { ConfigError } from '../config/error.ts';
import { readJson } from '../config/load.ts';
import { parseConfig } from '../config/parse.ts';
import type { ConfigInput, ProviderInput, RegisteredKeyInput } from '../config/schema.ts';
import type { AddressPolicy } from '../egress/guard.ts';
import { referencesOf } from '../egress/references.ts';
import type { ChannelSettings } from '../health/alerting/alert-settings.ts';
import type { ProviderConfig } from '../health/provider.ts';
import { type KeyReference, parseKeyReference } from '../keys/reference.ts';

/** Exactly one of the three. */
export type ConfigSource =
  | {
      /** The monitored providers, as in providers.json. */
      readonly providers: readonly ProviderInput[];
      readonly config?: never;
      readonly configFile?: never;
    }
  | {
      /** The whole content of a providers.json. */
      readonly config: ConfigInput;
      readonly providers?: never;
      readonly configFile?: never;
    }
  | {
      /** Path of a providers.json. */
      readonly configFile: string;
      readonly providers?: never;
      readonly config?: never;
    };

export interface StackConfig {
  /** The configuration as it was written. The functions parse it again. */
  config: unknown;
  providers: ProviderConfig[];
  /** Keys that the providers name, and keys that registered providers may use. */
  keys: KeyReference[];
  /** The reference in `heartbeatUrl`, if it is one. */
  heartbeatKeys: KeyReference[];
  /** The alert channels. */
  channels: readonly ChannelSettings[];
}

/**
 * @param registeredKeys The prop of that name, for a stack with providers in code.
 * @throws {ConfigError} With every mistake.
 */
export function readConfig(
  source: ConfigSource,
  addressPolicy: AddressPolicy,
  registeredKeys: readonly RegisteredKeyInput[] | undefined,
): StackConfig {
  const config = withRegisteredKeys(contentOf(source), registeredKeys);
  const { providers, alerts, heartbeatUrl, ...parsed } = parseConfig(config, { addressPolicy });
  const named = providers.flatMap(referencesOf).map(({ reference }) => reference);
  const listed = parsed.registeredKeys.map(({ apiKey }) => apiKey);
  return {
    config,
    providers,
    keys: keysOf([...named, ...listed]),
    heartbeatKeys: keysOf(heartbeatUrl === null ? [] : [heartbeatUrl]),
    channels: alerts.channels,
  };
}

/** Parses texts that were validated as references. */
export function keysOf(references: readonly string[]): KeyReference[] {
  return references.flatMap((text) => parseKeyReference(text) ?? []);
}

function withRegisteredKeys(config: unknown, registeredKeys: readonly RegisteredKeyInput[] | undefined): unknown {
  if (registeredKeys === undefined || typeof config !== 'object' || config === null) return config;
  if (!('registeredKeys' in config)) return { ...config, registeredKeys };
  const message = 'expected in one place, got both in the configuration and in the props. Remove one.';
  throw new ConfigError([{ path: 'registeredKeys', message }]);
}

function contentOf({ providers, config, configFile }: ConfigSource): unknown {
  if (configFile !== undefined) return readJson(configFile);
  return config ?? { providers };
}
