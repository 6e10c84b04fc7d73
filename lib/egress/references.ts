/**
 * Finds the references to keys in a provider's settings, and replaces them by the keys. A reference is always a whole text: `apiKey`,
 * the value of a header, a text anywhere in `body`, or one segment of the path of `baseUrl` (percent-decoded, so that it can be
 * `ssm:%2Fname`). Every other text is sent unchanged.
 */

import type { ProviderConfig, TokenAuth } from '../health/provider.ts';
import { parseKeyReference } from '../keys/reference.ts';

/** The settings of a provider that can contain references. */
export type KeyedSettings = Pick<ProviderConfig, 'apiKey' | 'auth' | 'headers' | 'body' | 'baseUrl'>;

export interface NamedKey {
  /** Place of the reference, such as `apiKey`, `headers.x-api-key` or `body.session.token`. */
  field: string;
  reference: string;
  /** The URL to which the key is sent. */
  url: string;
}

/** A text within a body. */
export interface BodyText {
  /** Place of the text in the body. */
  path: readonly (string | number)[];
  /** Name of the field that contains the text, or the list around it. */
  name: string;
  text: string;
}

/** All references in the settings. */
export function referencesOf(settings: KeyedSettings): NamedKey[] {
  const ofToken = settings.auth === null ? [] : [tokenSecretOf(settings.auth)];
  return [...requestReferencesOf(settings), ...ofToken];
}

/** The reference to the secret for access tokens. Only the token endpoint gets it, never the provider. */
export function tokenSecretOf(auth: TokenAuth): NamedKey {
  const url = auth.tokenUrl;
  switch (auth.type) {
    case 'google-service-account':
      return { field: 'auth.key', reference: auth.key, url };
    case 'entra-client':
      return { field: 'auth.clientSecret', reference: auth.clientSecret, url };
    default: {
      const never: never = auth;
      return never;
    }
  }
}

/** The references to keys that are sent to the provider. `apiKey` always counts as a reference. */
export function requestReferencesOf({ apiKey, headers, body, baseUrl }: KeyedSettings): NamedKey[] {
  const url = baseUrl;
  const texts = [
    ...Object.entries(headers).map(([name, text]) => ({ field: `headers.${name}`, text })),
    ...bodyTexts(body).map(({ path, text }) => ({ field: bodyField(path), text })),
    ...pathSegments(baseUrl).map((text) => ({ field: 'baseUrl', text })),
  ];
  return [
    ...(apiKey === null ? [] : [{ field: 'apiKey', reference: apiKey, url }]),
    ...texts.flatMap(({ field, text }) => (parseKeyReference(text) === null ? [] : { field, reference: text, url })),
  ];
}

function bodyField(path: BodyText['path']): string {
  return path.reduce<string>(
    (field, key) => (typeof key === 'number' ? `${field}[${key}]` : `${field}.${key}`),
    'body',
  );
}

/** The settings with values instead of references. `apiKey` stays a reference, because the adapter sets its header. */
export function withValues<Settings extends KeyedSettings>(
  settings: Settings,
  textOf: (reference: string) => string,
): Settings {
  const replaced = (text: string) => (parseKeyReference(text) === null ? text : textOf(text));
  return {
    ...settings,
    headers: Object.fromEntries(Object.entries(settings.headers).map(([name, text]) => [name, replaced(text)])),
    body: mapTexts(settings.body, replaced) as Settings['body'],
    baseUrl: withSegments(settings.baseUrl, replaced),
  };
}

/** All texts in a body, at any depth. */
export function bodyTexts(value: unknown, path: BodyText['path'] = [], name = ''): BodyText[] {
  if (typeof value === 'string') return [{ path, name, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => bodyTexts(item, [...path, index], name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => bodyTexts(item, [...path, key], key));
}

/** The segments of a URL's path, percent-decoded; empty for a text that is not a URL. */
export function pathSegments(baseUrl: string): string[] {
  if (!URL.canParse(baseUrl)) return [];
  return new URL(baseUrl).pathname.split('/').map(decoded);
}

function withSegments(baseUrl: string, replaced: (text: string) => string): string {
  if (pathSegments(baseUrl).every((text) => parseKeyReference(text) === null)) return baseUrl;
  const url = new URL(baseUrl);
  url.pathname = url.pathname
    .split('/')
    .map((segment) => {
      const text = decoded(segment);
      return parseKeyReference(text) === null ? segment : encodeURIComponent(replaced(text));
    })
    .join('/');
  return url.href;
}

function mapTexts(value: unknown, replaced: (text: string) => string): unknown {
  if (typeof value === 'string') return replaced(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, replaced));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, replaced)]));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
