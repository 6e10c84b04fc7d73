/**
 * Checks that the settings, commands, links, configurations and examples in the README and docs/ really exist and work.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createApp } from '../lib/api/app.ts';
import { silentLog } from '../lib/base/log.ts';
import { jsonSchemaText } from '../lib/build/config-schema.ts';
import { parseConfig } from '../lib/config/parse.ts';
import { PROVIDER_TYPES } from '../lib/health/provider.ts';
import { createMemoryStore } from '../lib/store/memory/store.ts';

const ROOT = new URL('../', import.meta.url);
const README_LINES = 220;

interface Page {
  /** From the root of the project: `docs/api.md`. */
  path: string;
  text: string;
}

const pageOf = (path: string): Page => ({ path, text: readFileSync(new URL(path, ROOT), 'utf8') });
const README = pageOf('README.md');
const docs = readdirSync(new URL('docs/', ROOT))
  .filter((name) => name.endsWith('.md'))
  .map((name) => pageOf(`docs/${name}`));
const others = ['CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].map(pageOf);
const pages = [README, ...docs, ...others];
const CONFIGURE = pageOf('docs/configure.md').text + pageOf('docs/alerts.md').text;
const API = pageOf('docs/api.md').text;
const PACKAGE = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { scripts: Record<string, string> };

/** Names of the fields of a JSON schema, at every depth. */
function fieldsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(fieldsOf);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value as object) : []),
    ...fieldsOf(value),
  ]);
}

/** A page without its code, where `[a](b)` is no link. */
function proseOf({ text }: Page): string {
  return text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf({ text }: Page): string[] {
  return [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Targets of the links and pictures of a page that lie in this repository. */
function linksOf(page: Page): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
    .map(([, link, source]) => link ?? source ?? '')
    .filter((target) => !target.includes('://') && !target.startsWith('mailto:'));
}

/** Null when the target of the link exists; else the link. */
function broken(page: Page, target: string): string | null {
  const [file = '', anchor] = target.split('#');
  const url = new URL(file === '' ? page.path : file, file === '' ? ROOT : new URL(page.path, ROOT));
  if (!existsSync(url)) return `${page.path}: ${target}`;
  if (anchor === undefined) return null;
  const anchors = anchorsOf({ path: file, text: readFileSync(url, 'utf8') });
  return anchors.includes(anchor) ? null : `${page.path}: ${target}`;
}

function blocksOf({ text }: Page, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block = '']) => block);
}

describe('the documentation', () => {
  it('has a README that is short enough to be read', () => {
    expect(README.text.split('\n').length).toBeLessThanOrEqual(README_LINES);
  });

  it('lists every page of docs/ in the README', () => {
    expect(docs.map(({ path }) => path).filter((path) => !README.text.includes(`](${path})`))).toEqual([]);
  });

  it('names every setting of providers.json', () => {
    const missing = [...new Set(fieldsOf(JSON.parse(jsonSchemaText())))].filter(
      (field) => !new RegExp(`["\`.]${field.replace('$', '\\$')}["\`]`).test(CONFIGURE),
    );
    expect(missing).toEqual([]);
  });

  it('names every type of provider', () => {
    expect(PROVIDER_TYPES.filter((type) => !CONFIGURE.includes(`\`${type}\``))).toEqual([]);
  });

  it('lists every route of the API', async () => {
    const app = createApp({
      store: createMemoryStore(),
      checker: null,
      declared: [],
      monitor: { tickSeconds: 60, shards: ['0'] },
      log: silentLog,
    });
    const { paths } = (await (await app.request('/v1/openapi.json')).json()) as { paths: Record<string, object> };
    // The files of the page are not for people.
    const routes = Object.entries(paths)
      .filter(([path]) => !path.startsWith('/assets/'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(routes.length).toBeGreaterThan(0);
    expect(routes.filter((route) => !API.includes(`\`${route}\``))).toEqual([]);
  });

  it('names only commands that exist', () => {
    const named = pages.flatMap(({ text }) =>
      [...text.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, script = '']) => script),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((script) => !(script in PACKAGE.scripts))).toEqual([]);
  });

  it('links only to files and headings that exist', () => {
    const links = pages.flatMap((page) => linksOf(page).map((target) => broken(page, target)));
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => link !== null)).toEqual([]);
  });

  it('shows configurations that are accepted', () => {
    const configs = pages
      .flatMap((page) => blocksOf(page, 'json').map((text) => JSON.parse(text)))
      .filter((block) => 'providers' in block || 'alerts' in block)
      .filter((block) => !block.version);
    expect(configs.length).toBeGreaterThan(0);
    for (const config of configs) {
      expect(() => parseConfig({ providers: [], ...config }, { addressPolicy: 'public' })).not.toThrow();
    }
  });

  it('shows the examples that the tests run, letter by letter', () => {
    const shown = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/<!-- (test\/\S+\.ts) -->\n\n```ts\n([\s\S]*?)```/g)].map(([, file = '', code = '']) => ({
        path,
        file,
        code,
      })),
    );
    expect(shown.length).toBeGreaterThan(0);
    for (const { path, file, code } of shown) {
      expect(readFileSync(new URL(file, ROOT), 'utf8'), `${path} shows ${file}`).toContain(code.trim());
    }
  });
});

describe('the reading of pages', () => {
  const page = (text: string): Page => ({ path: 'README.md', text });

  it.each([
    ['a file that is missing', '[a](docs/missing.md)'],
    ['a heading that is missing', '[a](docs/api.md#missing)'],
    ['a heading of the same page that is missing', '[a](#missing)'],
    ['a picture that is missing', '<img src="missing.png">'],
  ])('finds %s', (_, text) => {
    expect(linksOf(page(text)).map((target) => broken(page(text), target))).not.toContain(null);
  });

  it('passes over links in code', () => {
    expect(linksOf(page('`[a](b)`\n```ts\n[a](b)\n```'))).toEqual([]);
  });
});
