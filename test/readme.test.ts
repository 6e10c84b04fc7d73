import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemaText } from '../lib/build/config-schema.ts';
import { parseConfig } from '../lib/config/parse.ts';
import { PROVIDER_TYPES } from '../lib/health/provider.ts';

const ROOT = new URL('../', import.meta.url);
const README = readFileSync(new URL('README.md', ROOT), 'utf8');
const PACKAGE = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { scripts: Record<string, string> };
const ANCHORS = [...README.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-'),
);

/** Names of the fields of a JSON schema, at every depth. */
function fieldsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(fieldsOf);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value as object) : []),
    ...fieldsOf(value),
  ]);
}

describe('the README', () => {
  it('names every setting of providers.json', () => {
    const missing = [...new Set(fieldsOf(JSON.parse(jsonSchemaText())))].filter(
      (field) => !new RegExp(`["\`.]${field.replace('$', '\\$')}["\`]`).test(README),
    );
    expect(missing).toEqual([]);
  });

  it('names every type of provider', () => {
    expect(PROVIDER_TYPES.filter((type) => !README.includes(`\`${type}\``))).toEqual([]);
  });

  it('names only commands that there are', () => {
    const named = [...README.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, script = '']) => script);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((script) => !(script in PACKAGE.scripts))).toEqual([]);
  });

  it('links only to files and headings that there are', () => {
    const targets = [...README.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
      .map(([, link, source]) => link ?? source ?? '')
      .filter((target) => !target.includes('://'));
    const broken = targets.filter((target) =>
      target.startsWith('#') ? !ANCHORS.includes(target.slice(1)) : !existsSync(new URL(target, ROOT)),
    );
    expect(targets.length).toBeGreaterThan(0);
    expect(broken).toEqual([]);
  });

  it('shows configurations that are accepted', () => {
    const blocks = [...README.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => JSON.parse(text));
    const configs = blocks
      .filter((block) => 'providers' in block || 'alerts' in block)
      .filter((block) => !block.version);
    expect(configs.length).toBeGreaterThan(0);
    for (const config of configs) {
      expect(() => parseConfig({ providers: [], ...config }, { addressPolicy: 'public' })).not.toThrow();
    }
  });
});
