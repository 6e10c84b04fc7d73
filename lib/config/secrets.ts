/**
 * Checks the secrets of a provider outside of `apiKey`: in headers, in the body, and in the path of the base URL. They must be
 * references too. A literal that is named like a key, or looks like one, is refused, because it would be stored in clear.
 */

import { bodyTexts, pathSegments } from '../egress/references.ts';
import { isKeyAsName, isKeyHeader, isKeyName, looksLikeKey } from '../keys/key-like.ts';
import { KEY_REFERENCE, parseKeyReference } from '../keys/reference.ts';
import type { AuthStyle } from '../probe/presets/preset.ts';
import { presetOf } from '../probe/presets/presets.ts';
import type { Finding } from './issues.ts';
import type { ProviderInput } from './schema.ts';

/** Headers with random ids that are not secret. */
const ID_HEADERS = /^openai-(?:organization|project)$/i;

/** The headers in which `apiKey` is sent. */
const KEY_HEADERS: Readonly<Record<AuthStyle, readonly string[]>> = {
  bearer: [],
  'api-key': ['api-key'],
  'x-goog-api-key': ['x-goog-api-key'],
  anthropic: ['x-api-key'],
  vertex: ['x-goog-api-key'],
};

export function secretFindings(provider: Partial<ProviderInput>): Finding[] {
  return [...headerFindings(provider), ...bodyFindings(provider), ...pathFindings(provider), ...nameFindings(provider)];
}

/** Keys in names. Names are stored and shown, so a reference cannot be used there either. */
function nameFindings({ id, model, tags = [] }: Partial<ProviderInput>): Finding[] {
  const names = [
    { path: ['id'], text: id },
    { path: ['model'], text: model },
    ...tags.map((text, index) => ({ path: ['tags', index], text })),
  ];
  return names.flatMap(({ path, text }): Finding[] => {
    if (typeof text !== 'string' || !isKeyAsName(text)) return [];
    return [
      { path, message: 'expected a name, got a text that looks like a key. A key goes into "apiKey", as "env:NAME".' },
    ];
  });
}

function headerFindings({ type, apiKey, headers = {} }: Partial<ProviderInput>): Finding[] {
  const taken = type === undefined || (apiKey ?? null) === null ? [] : KEY_HEADERS[presetOf(type).auth];
  return Object.entries(headers).flatMap(([name, value]): Finding[] => {
    const path = ['headers', name];
    if (typeof value !== 'string') return [];
    if (taken.includes(name.toLowerCase())) {
      return [{ path, message: `expected it not to be here: type ${type} puts apiKey there. Remove one.` }];
    }
    if (isKeyHeader(name) && value !== '') return literal(path, value, 'such a header carries a key');
    return ID_HEADERS.test(name) ? [] : literalKey(path, value);
  });
}

function bodyFindings({ body = {} }: Partial<ProviderInput>): Finding[] {
  return bodyTexts(body).flatMap(({ path, name, text }): Finding[] => {
    const at = ['body', ...path];
    return isKeyName(name) && text !== '' ? literal(at, text, 'such a field holds a key') : literalKey(at, text);
  });
}

function pathFindings({ baseUrl }: Partial<ProviderInput>): Finding[] {
  if (typeof baseUrl !== 'string') return [];
  const [finding] = pathSegments(baseUrl).flatMap((segment): Finding[] => literalKey(['baseUrl'], segment));
  if (!finding) return [];
  const message =
    'expected a path without a key, got a segment that looks like one. Write a reference in its place, such as "https://llm.example.com/env:NAME/v1".';
  return [{ ...finding, message }];
}

function literalKey(path: Finding['path'], text: string): Finding[] {
  // The text has the form of a reference, but names one of AWS's own variables.
  if (KEY_REFERENCE.test(text) || looksLikeKey(text)) return literal(path, text, 'it looks like a key');
  return [];
}

/** The mistake of a literal; none when the text is a reference. */
function literal(path: Finding['path'], text: string, why: string): Finding[] {
  if (parseKeyReference(text) !== null) return [];
  const message = KEY_REFERENCE.test(text)
    ? 'expected the variable of a key, got one of AWS\'s own, which no endpoint may see. Write "env:NAME".'
    : `expected env:, ssm: or secret: and a name, since ${why}; got a literal. Write "env:NAME".`;
  return [{ path, message }];
}
