/** Turns the errors of the schema into messages for the author of the file, in the order of the file. */

import * as z from 'zod';
import { CHANNEL_TYPES } from '../health/alerting/alert-settings.ts';
import { PROVIDER_TYPES, type ProviderType, TOKEN_AUTH_TYPES } from '../health/provider.ts';
import { ConfigError, formatPath, type Path } from './error.ts';
import { nearest } from './nearest.ts';

/** One mistake. It keeps its path as a list, so that rules.ts knows which fields are correct. */
export interface Finding {
  path: Path;
  message: string;
}

/** The environment variable in a provider's own documentation, if its name does not follow from the type. */
const KEY_VARIABLES: Partial<Record<ProviderType, string>> = {
  claude: 'ANTHROPIC_API_KEY',
  azure: 'AZURE_OPENAI_API_KEY',
  bedrock: 'AWS_BEARER_TOKEN_BEDROCK',
  'bedrock-openai': 'AWS_BEARER_TOKEN_BEDROCK',
  glm: 'ZAI_API_KEY',
  kimi: 'MOONSHOT_API_KEY',
  qwen: 'DASHSCOPE_API_KEY',
  huggingface: 'HF_TOKEN',
};

/** An example of `apiKey` for a provider of this type, in quotes. */
export function exampleReference(type: unknown): string {
  const known = PROVIDER_TYPES.find((other) => other === nearest(String(type), PROVIDER_TYPES));
  if (known === undefined) return '"env:OPENAI_API_KEY"';
  return `"env:${KEY_VARIABLES[known] ?? `${known.toUpperCase().replaceAll('-', '_')}_API_KEY`}"`;
}

/** The mistakes of a schema's error. A value that misses several bounds gives one mistake. */
export function findingsOf(schema: z.ZodType, error: z.ZodError, input: unknown): Finding[] {
  const findings = error.issues.flatMap((issue): Finding[] => {
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => unknownField([...issue.path, key], key, fieldsAt(schema, issue.path, input)));
      case 'invalid_key':
        return [{ path: issue.path, message: `${issue.issues[0]?.message ?? issue.message}.` }];
      default:
        return [{ path: issue.path, message: wrongValue(issue.path, issue.message, input) }];
    }
  });
  const seen = new Set<string>();
  return findings.filter(({ path, message }) => {
    const key = `${formatPath(path)}: ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function unknownField(path: Path, key: string, known: readonly string[]): Finding {
  const meant = nearest(key, known);
  return { path, message: meant === null ? 'unknown field. Remove it.' : `unknown field. Did you mean "${meant}"?` };
}

/** The fields that an object at this place of the schema may have. In a union, the object's own `type` decides. */
function fieldsAt(schema: unknown, path: Path, value: unknown): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return fieldsAt(schema.unwrap(), path, value);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const kind = valueAt(value, [schema.def.discriminator]);
    const isKind = (option: unknown) =>
      option instanceof z.ZodObject && option.shape[schema.def.discriminator]?.safeParse(kind).success;
    return fieldsAt(schema.options.find(isKind), path, value);
  }
  const [key, ...rest] = path;
  const inner = key === undefined ? value : valueAt(value, [key]);
  if (schema instanceof z.ZodArray) return fieldsAt(schema.element, rest, inner);
  if (!(schema instanceof z.ZodObject)) return [];
  return key === undefined ? Object.keys(schema.shape) : fieldsAt(schema.shape[String(key)], rest, inner);
}

function typesAt(path: Path): readonly string[] {
  if (path.includes('channels')) return CHANNEL_TYPES;
  return path.at(-2) === 'auth' ? TOKEN_AUTH_TYPES : PROVIDER_TYPES;
}

function wrongValue(path: Path, expected: string, input: unknown): string {
  const value = valueAt(input, path);
  const field = path.at(-1);
  if (field === 'apiKey') {
    const got = typeof value === 'string' ? 'a literal' : show(value);
    return `${expected}, got ${got}. Write ${exampleReference(valueAt(input, [...path.slice(0, -1), 'type']))}.`;
  }
  if (field === 'type') {
    const types = typesAt(path);
    const meant = typeof value === 'string' ? nearest(value, types) : null;
    const hint = meant === null ? `Write one of ${types.join(', ')}.` : `Did you mean "${meant}"?`;
    return `${expected}, got ${show(value)}. ${hint}`;
  }
  return `${expected}, got ${show(value)}.`;
}

/**
 * A value as a message may show it. Any field may contain a key by mistake, so a text is shown only if it has at most 8
 * characters, or is a few short words.
 */
function show(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'number':
    case 'boolean':
      return String(value);
    case 'string':
      return /^(?:[\x20-\x7e]{0,8}|(?=.{0,24}$)(?:[a-z]{1,11}(?:[ _./*-]+|$))*)$/i.test(value)
        ? JSON.stringify(value)
        : `a text of ${value.length} characters`;
    default:
      if (value === null) return 'null';
      return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
  }
}

/** The error with its mistakes in the order of the file, so that its author can correct them from top to bottom. */
export function configError(findings: readonly Finding[], json: unknown): ConfigError {
  const place = (path: Path, depth: number): number => {
    const key = path[depth];
    if (typeof key === 'number' || key === undefined) return key ?? -1;
    const fields = Object.keys(Object(valueAt(json, path.slice(0, depth))));
    const index = fields.indexOf(String(key));
    // Missing fields come last.
    return index === -1 ? fields.length : index;
  };
  const inOrder = [...findings].sort((a, b) => {
    for (let depth = 0; depth < Math.max(a.path.length, b.path.length); depth += 1) {
      const difference = place(a.path, depth) - place(b.path, depth);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return new ConfigError(inOrder.map(({ path, message }) => ({ path: formatPath(path), message })));
}

/** The value at a path of a parsed JSON value. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    return (inner as Record<PropertyKey, unknown>)[key];
  }, value);
}
