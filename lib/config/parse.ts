/**
 * Parses the content of providers.json, or one provider, and applies all defaults. It reports all mistakes at once. load.ts
 * reads the file.
 */

import type * as z from 'zod';
import { isTooDeepValue, MAX_JSON_DEPTH } from '../base/json.ts';
import { type AddressPolicy, refuseUrl } from '../egress/guard.ts';
import type { ProviderConfig } from '../health/provider.ts';
import { presetOf } from '../probe/presets/presets.ts';
import { alertFindings, refuseUrlOrReference, toAlertSettings } from './alerts.ts';
import { DEFAULT_WITNESSES, PROVIDER_DEFAULTS, type ProviderDefaults, timeoutWithin } from './defaults.ts';
import { ConfigError, formatPath, type Path } from './error.ts';
import { configError, type Finding, findingsOf, valueAt } from './issues.ts';
import { toPageSettings } from './page.ts';
import { type AcceptedFields, providerFindings, settingsFindings } from './rules.ts';
import { configSchema, type MonitorConfig, providerSchema } from './schema.ts';
import { toTokenAuth } from './token-auth.ts';

export interface ParseOptions {
  /** Which addresses are allowed for providers, witnesses and the heartbeat call. */
  addressPolicy: AddressPolicy;
  /** The tick of the monitor: with short ones the default of `timeoutSeconds` is shorter. Default 60. */
  tickSeconds?: number;
}

export interface ParseProviderOptions extends Pick<ParseOptions, 'addressPolicy'> {
  /** Defaults for the provider's settings. Default: those of the product. */
  defaults?: Partial<ProviderDefaults>;
}

/** @throws {ConfigError} With all mistakes, in the order of the file. */
export function parseConfig(json: unknown, { addressPolicy, tickSeconds = 60 }: ParseOptions): MonitorConfig {
  refuseTooDeep(json);
  const parsed = configSchema.safeParse(json);
  const schemaFindings = parsed.success ? [] : findingsOf(configSchema, parsed.error, json);
  const ofDefaults = acceptedAt(json, ['defaults'], schemaFindings);
  const ofProduct = { ...PROVIDER_DEFAULTS, timeoutSeconds: timeoutWithin(tickSeconds) };
  const defaults = withDefaults(ofProduct, ofDefaults.fields);
  const providers = entriesOf(valueAt(json, ['providers'])).map((index) => {
    const { fields, refused } = acceptedAt(json, ['providers', index], schemaFindings);
    const inherited = [...ofDefaults.refused].filter((field) => !(field in fields));
    return { fields, refused: new Set([...refused, ...inherited]) };
  });
  const findings = [
    ...schemaFindings,
    ...below(['defaults'], settingsFindings(ofDefaults, defaults)),
    ...unreported(
      providers.flatMap((provider, index) =>
        below(['providers', index], providerFindings(provider, withDefaults(defaults, provider.fields), addressPolicy)),
      ),
      schemaFindings,
    ),
    ...repeatedIds(providers),
    ...unreported([...addressFindings(json, addressPolicy), ...alertFindings(json, addressPolicy)], schemaFindings),
  ];
  if (!parsed.success || findings.length > 0) throw configError(findings, json);
  const { witnesses = DEFAULT_WITNESSES, heartbeatUrl = null, publicUrl = null, registeredKeys = [] } = parsed.data;
  return {
    providers: parsed.data.providers.map((provider) => toConfig(provider, defaults)),
    witnesses,
    alerts: toAlertSettings(parsed.data.alerts),
    heartbeatUrl,
    publicUrl: publicUrl?.replace(/\/+$/, '') ?? null,
    page: toPageSettings(parsed.data.page),
    registeredKeys,
    defaults,
  };
}

/**
 * Parses one entry of `providers`.
 *
 * @throws {ConfigError} With all mistakes. Their paths begin at the provider's fields.
 */
export function parseProvider(json: unknown, { defaults = {}, addressPolicy }: ParseProviderOptions): ProviderConfig {
  refuseTooDeep(json);
  const parsed = providerSchema.safeParse(json);
  const schemaFindings = parsed.success ? [] : findingsOf(providerSchema, parsed.error, json);
  const settings = withDefaults(PROVIDER_DEFAULTS, defaults);
  const provider = acceptedAt(json, [], schemaFindings);
  const findings = [
    ...schemaFindings,
    ...unreported(providerFindings(provider, withDefaults(settings, provider.fields), addressPolicy), schemaFindings),
  ];
  if (!parsed.success || findings.length > 0) throw configError(findings, json);
  return toConfig(parsed.data, settings);
}

/** Refuses values that are nested too deep, such as an object that contains itself: parsing it would not end. */
function refuseTooDeep(json: unknown): void {
  if (!isTooDeepValue(json)) return;
  throw new ConfigError([{ path: '', message: `expected at most ${MAX_JSON_DEPTH} levels of brackets, got more` }]);
}

/** Applies the defaults of a provider. */
function toConfig(provider: z.output<typeof providerSchema>, defaults: ProviderDefaults): ProviderConfig {
  const { type, headers = {}, body = {} } = provider;
  const preset = presetOf(type);
  return {
    ...withDefaults(defaults, provider),
    id: provider.id ?? type,
    type,
    model: provider.model ?? preset.model ?? '',
    baseUrl: (provider.baseUrl ?? preset.baseUrl ?? '').replace(/\/+$/, ''),
    apiKey: provider.apiKey ?? null,
    auth: toTokenAuth(provider.auth),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body,
    enabled: provider.enabled ?? true,
  };
}

/** The settings with defaults. `undefined` keeps the default; null switches a setting off. */
function withDefaults(defaults: ProviderDefaults, given: object): ProviderDefaults {
  const set = Object.entries(given).filter(([key, value]) => value !== undefined && key in PROVIDER_DEFAULTS);
  return { ...defaults, ...Object.fromEntries(set) };
}

/** The fields of the object at `path`, divided by whether the schema found a mistake in them. */
function acceptedAt(json: unknown, path: Path, findings: readonly Finding[]): AcceptedFields {
  const refused = new Set(
    findings
      .filter((finding) => finding.path.length === path.length + 1 && path.every((key, i) => finding.path[i] === key))
      .map((finding) => String(finding.path.at(-1))),
  );
  const value = valueAt(json, path);
  const entries = isObject(value) ? Object.entries(value).filter(([field]) => !refused.has(field)) : [];
  return { fields: Object.fromEntries(entries), refused };
}

function repeatedIds(providers: readonly AcceptedFields[]): Finding[] {
  const first = new Map<string, number>();
  return providers.flatMap(({ fields, refused }, index): Finding[] => {
    const id = refused.has('id') ? undefined : (fields.id ?? fields.type);
    if (id === undefined) return [];
    const owner = first.get(id);
    if (owner === undefined) {
      first.set(id, index);
      return [];
    }
    const got = fields.id === undefined ? `its type "${id}"` : `"${id}"`;
    const message = `expected an id of its own, got ${got}, which is also that of providers[${owner}]. Write "id": "${id}-2".`;
    return [{ path: ['providers', index, 'id'], message }];
  });
}

/** Mistakes in the addresses that the monitor itself calls: witnesses and heartbeat. */
function addressFindings(json: unknown, policy: AddressPolicy): Finding[] {
  const witnesses = valueAt(json, ['witnesses']);
  const urls = [
    ...entriesOf(witnesses).map((index) => ({
      path: ['witnesses', index],
      refuse: (host: string) => refuseUrl(`https://${host}`, policy),
    })),
    { path: ['heartbeatUrl'], refuse: (url: string) => refuseUrlOrReference(url, policy) },
  ];
  return urls.flatMap(({ path, refuse }): Finding[] => {
    const value = valueAt(json, path);
    if (typeof value !== 'string') return [];
    const refusal = refuse(value);
    return refusal === null ? [] : [{ path, message: `${refusal}.` }];
  });
}

/** Removes mistakes at places where the schema has already found one. */
function unreported(findings: readonly Finding[], schemaFindings: readonly Finding[]): Finding[] {
  const reported = new Set(schemaFindings.map(({ path }) => formatPath(path)));
  return findings.filter(({ path }) => !reported.has(formatPath(path)));
}

function below(path: Path, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...path, ...finding.path] }));
}

/** The indices of a list; empty for any other value. */
function entriesOf(value: unknown): number[] {
  return Array.isArray(value) ? [...value.keys()] : [];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
