/** Where a stack has its providers from, validated: what lib/config refuses does not synthesize. */

import { ConfigError } from '../config/error.ts';
import { readJson } from '../config/load.ts';
import { parseConfig } from '../config/parse.ts';
import type { ConfigInput, ProviderInput } from '../config/schema.ts';
import type { AddressPolicy } from '../egress/guard.ts';
import type { ChannelSettings } from '../health/alerting/alert-settings.ts';
import type { ProviderConfig } from '../health/provider.ts';
import { type KeyReference, parseKeyReference } from '../keys/reference.ts';

/** One of the three. */
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
  /** As it was written: what the functions parse again. */
  config: unknown;
  providers: ProviderConfig[];
  /** The keys that they name. */
  keys: KeyReference[];
  /** Who is told. */
  channels: readonly ChannelSettings[];
}

/** @throws {ConfigError} With every mistake. */
export function readConfig(source: ConfigSource, addressPolicy: AddressPolicy): StackConfig {
  const config = contentOf(source);
  const { providers, alerts } = parseConfig(config, { addressPolicy });
  const keys = parseKeys(providers.flatMap(({ apiKey }) => apiKey ?? []));
  return { config, providers, keys, channels: alerts.channels };
}

/** @throws {ConfigError} When one is no key reference. */
export function parseKeys(references: readonly string[]): KeyReference[] {
  return references.map((text, index) => {
    const reference = parseKeyReference(text);
    if (reference) return reference;
    const message = 'expected ssm: or secret: and a name, such as "ssm:/provider-health/openai"';
    throw new ConfigError([{ path: `registeredKeys[${index}]`, message }]);
  });
}

function contentOf({ providers, config, configFile }: ConfigSource): unknown {
  if (configFile !== undefined) return readJson(configFile);
  return config ?? { providers };
}
