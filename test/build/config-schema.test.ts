import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonSchemaText } from '../../lib/build/config-schema.ts';
import { loadConfig } from '../../lib/config/load.ts';

const pathOf = (name: string) => new URL(`../../${name}`, import.meta.url).pathname;

test('providers.schema.json is the one that the validating schema gives; "npm run schema" writes it anew', () => {
  expect(readFileSync(pathOf('providers.schema.json'), 'utf8')).toBe(jsonSchemaText());
});

test('providers.schema.json describes every field', () => {
  const undescribed: string[] = [];
  const walk = (schema: Record<string, unknown>, path: string) => {
    for (const [name, field] of Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>)) {
      if (typeof field.description !== 'string') undescribed.push(`${path}.${name}`);
      walk((field.items ?? field) as Record<string, unknown>, `${path}.${name}`);
    }
  };
  walk(JSON.parse(jsonSchemaText()) as Record<string, unknown>, '');
  expect(undescribed).toEqual([]);
});

test('providers.example.json is a valid configuration', () => {
  const { providers } = loadConfig(pathOf('providers.example.json'), { addressPolicy: 'public' });
  expect(providers.map(({ id }) => id)).toEqual([
    'openai',
    'claude',
    'glm',
    'gemini',
    'cohere',
    'openai-stream',
    'bedrock-frankfurt',
    'vertex-belgium',
    'azure-entra',
    'vllm',
  ]);
});
