/** Builds the request of a probe from the preset, the family's rules and the provider's own settings. */

import { type JsonObject, objectOf } from '../../base/json-value.ts';
import { VERSION } from '../../base/version.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import type { Secret } from '../../keys/secret.ts';
import type { Preset } from '../presets/preset.ts';
import { maxTokensOf, presetOf, supportsProbe } from '../presets/presets.ts';
import type { ProbeRequest, StreamFormat } from './adapter.ts';
import { authHeaders } from './auth.ts';
import type { FamilyRules, ProbeSpec } from './reading.ts';

/** Firewalls refuse requests without a user agent. The provider's setting `headers` can replace it. */
const USER_AGENT = `provider-health/${VERSION} (health probe)`;

/** @param key Null: the endpoint needs none. */
export function requestOf(spec: ProbeSpec, key: Secret | null): ProbeRequest {
  const { rules, config, kind } = spec;
  if (!supportsProbe(config.type, kind)) {
    throw new TypeError(
      `Provider ${config.id}: expected a probe that type ${config.type} has, got ${kind}. Set probe to another.`,
    );
  }
  const preset = presetOf(config.type);
  const url = new URL(urlOf(spec));
  const headers = {
    'user-agent': USER_AGENT,
    accept: kind === 'stream' ? streamFormatOf(rules) : 'application/json',
    ...(kind === 'models' ? {} : { 'content-type': 'application/json' }),
    ...preset.headers,
    ...Object.fromEntries(Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), value])),
    // The last entry, so that no setting can replace the key.
    ...authHeaders(config.auth === null ? preset.auth : 'bearer', url, key),
  };
  if (kind === 'models') return { method: 'GET', url: url.href, headers, body: null };
  return { method: 'POST', url: url.href, headers, body: JSON.stringify(bodyOf(spec, preset)) };
}

/** The address that a probe calls. */
export function urlOf(spec: ProbeSpec): string {
  const preset = presetOf(spec.config.type);
  return (spec.kind === 'models' ? modelsUrl(spec.config, preset) : generatingUrl(spec, preset)).href;
}

export function streamFormatOf({ streamFormat = 'text/event-stream' }: FamilyRules): StreamFormat {
  return streamFormat;
}

function bodyOf({ rules, config, kind }: ProbeSpec, preset: Preset): JsonObject {
  const smallest = rules.body(config, preset.tokenField, maxTokensOf(config));
  const fields = preset.modelFields.find((row) => row.model.test(config.model))?.fields ?? {};
  const body = mergePatch(mergePatch(smallest, fields), config.body);
  return kind === 'stream' ? { ...body, ...rules.streamFields?.(config) } : body;
}

/** JSON Merge Patch (RFC 7396): objects are merged, null removes a field, everything else replaces it. */
function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    const inner = objectOf(value);
    if (value === null) merged.delete(name);
    else merged.set(name, inner === null ? value : mergePatch(objectOf(merged.get(name)) ?? {}, inner));
  }
  return Object.fromEntries(merged);
}

function generatingUrl({ rules, config, kind }: ProbeSpec, preset: Preset): URL {
  const path = preset.path.replace('{model}', () => encodeURIComponent(config.model));
  return join(config.baseUrl, path + (rules.verb?.(kind) ?? ''));
}

function modelsUrl(config: ProviderConfig, preset: Preset): URL {
  const url = join(config.baseUrl, preset.models?.path ?? '');
  // Bedrock lists its models on another host than the one that runs them.
  if (preset.family === 'bedrock-converse') url.hostname = url.hostname.replace(/^bedrock-runtime\./, 'bedrock.');
  return url;
}

/**
 * Appends a path to a base URL. Keeps the base's query (such as `api-version`). Does not repeat a version at the end of
 * the base, so `https://api.anthropic.com/v1` works like the same URL without `/v1`.
 */
function join(baseUrl: string, path: string): URL {
  const url = new URL(baseUrl);
  const [pathname = '', query] = path.split('?', 2);
  const version = /^\/v\d+(alpha|beta)?\d*\//.test(pathname);
  const base = url.pathname.replace(/\/+$/, '');
  url.pathname = (version ? base.replace(/\/v\d+(alpha|beta)?\d*$/, '') : base) + pathname;
  if (query !== undefined) url.search = url.search === '' ? query : `${url.search}&${query}`;
  return url;
}
