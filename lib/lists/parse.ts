/**
 * Parses a provider list into a configuration, or reports all its mistakes. A list may contain only providers and defaults.
 * Every other setting comes from the deployment, because it needs rights or is known to other programs.
 */

import { type JsonObject, objectOf } from '../base/json-value.ts';
import { ConfigError, type ConfigIssue } from '../config/error.ts';
import { parseJson } from '../config/json.ts';
import { parseConfig } from '../config/parse.ts';
import type { MonitorConfig } from '../config/schema.ts';
import { isSigned, regionOfBedrock } from '../egress/bedrock.ts';
import type { AddressPolicy } from '../egress/guard.ts';
import { referencesOf } from '../egress/references.ts';
import type { ProviderConfig } from '../health/provider.ts';
import { fullest, MOST_PER_SHARD } from '../health/shards.ts';
import { parseKeyReference } from '../keys/reference.ts';

/** The facts of the deployment that limit what a list may use. */
export interface Deployed {
  /** The content of the deployed providers.json. */
  config: unknown;
  /** The same, parsed. */
  parsed: Pick<MonitorConfig, 'providers' | 'registeredKeys'>;
  addressPolicy: AddressPolicy;
  /** The number of shards. */
  shards: number;
  /** Prefixes of keys that the deployment may read: `ssm:/provider-health/*`. */
  keyPrefixes: readonly string[];
}

const LIST_FIELDS = new Set(['$schema', 'defaults', 'providers']);

/** @throws {ConfigError} With all mistakes of the list. */
export function parseList(text: string, deployed: Deployed): MonitorConfig {
  const read = parseJson(text);
  if (!read.ok) {
    const { line, column, message } = read.fault;
    throw new ConfigError([{ path: '', message: `line ${line}, column ${column}: ${message}.` }]);
  }
  const list = listOf(read.value);
  const strangers = Object.keys(list).filter((field) => !LIST_FIELDS.has(field));
  if (strangers.length > 0) {
    const message = 'expected only "providers" and "defaults" in a list. Set it in the deployment.';
    throw new ConfigError(strangers.map((field) => ({ path: field, message })));
  }
  const config = parseConfig({ ...listOf(deployed.config), ...list }, deployed);
  const issues = [...emptyIssues(config), ...rightsIssues(config, deployed), ...sizeIssues(config, deployed)];
  if (issues.length > 0) throw new ConfigError(issues);
  return config;
}

function listOf(value: unknown): JsonObject {
  const list = objectOf(value);
  if (list === null) throw new ConfigError([{ path: '', message: 'expected an object with "providers".' }]);
  return list;
}

/** An empty list is refused: it is more likely a mistake of the program that wrote it than the wish to monitor nothing. */
function emptyIssues({ providers }: MonitorConfig): ConfigIssue[] {
  if (providers.length > 0) return [];
  return [{ path: 'providers', message: 'expected at least one provider, got none. To monitor none, deploy so.' }];
}

function rightsIssues({ providers }: MonitorConfig, deployed: Deployed): ConfigIssue[] {
  const known = deployed.parsed;
  const named = [
    ...known.providers.flatMap(referencesOf).map(({ reference }) => reference),
    ...known.registeredKeys.map(({ apiKey }) => apiKey),
  ];
  const readable = new Set(named.map(nameOf));
  const folders = deployed.keyPrefixes.map((prefix) => prefix.replace(/\*$/, ''));
  const mayRead = (reference: string) => {
    const name = nameOf(reference);
    return name === null || readable.has(name) || folders.some((folder) => name.startsWith(folder));
  };
  return providers.flatMap((provider, index) => [
    ...referencesOf(provider)
      .filter(({ reference }) => !mayRead(reference))
      .map(({ field, reference }) => ({
        path: `providers[${index}].${field}`,
        message: `expected a key that this deployment may read, got ${reference}. Deploy with it in keyPrefixes or registeredKeys, or write one that the deployment names.`,
      })),
    ...modelIssues(provider, known.providers).map((message) => ({ path: `providers[${index}].model`, message })),
  ]);
}

/** The name by which IAM grants access: a secret without its field. Null for an environment variable, which needs no right. */
function nameOf(reference: string): string | null {
  const known = parseKeyReference(reference);
  return known === null || known.kind === 'env' ? null : `${known.kind}:${known.name}`;
}

/** The function's role may use exactly the Bedrock models that were deployed, with the same kind of probe. */
function modelIssues(provider: ProviderConfig, known: readonly ProviderConfig[]): string[] {
  if (!isSigned(provider)) return [];
  const region = regionOfBedrock(provider.baseUrl);
  const isSame = (other: ProviderConfig) =>
    isSigned(other) &&
    regionOfBedrock(other.baseUrl) === region &&
    (provider.probe === 'models' || (other.model === provider.model && other.probe === provider.probe));
  if (known.some(isSame)) return [];
  return [
    `expected a model of Bedrock that this deployment may ask by its role, got ${provider.model} with probe "${provider.probe}" in ${region}. Deploy with it, or write an apiKey.`,
  ];
}

function sizeIssues({ providers }: MonitorConfig, { shards }: Deployed): ConfigIssue[] {
  const most = fullest(
    providers.map(({ id }) => id),
    shards,
  );
  if (most <= MOST_PER_SHARD) return [];
  const message = `expected at most ${MOST_PER_SHARD} providers in each of ${shards} shards, got ${most}. Deploy with more shards.`;
  return [{ path: 'providers', message }];
}
