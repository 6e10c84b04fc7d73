import { describe, expect, it } from 'vitest';
import { circlesIn, importedBy, sourceFiles } from './support/imports.ts';

/** The exports of the package: the only files that re-export others. */
const ENTRIES = ['lib/index.ts', 'lib/reader/index.ts', 'lib/stack/index.ts'];

/**
 * The allowed imports of each folder of lib: a folder means all of its files, a file only itself. A folder may
 * always import itself. A folder that is not listed here fails, so that a new one must be added.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  base: [],
  wording: ['base', 'health'],
  keys: ['base'],
  health: ['base'],
  egress: ['base', 'health', 'keys'],
  failures: ['base', 'health'],
  probe: ['base', 'health', 'keys', 'egress', 'failures'],
  config: ['base', 'health', 'keys/reference', 'keys/key-like', 'egress', 'probe/presets'],
  store: ['base', 'health'],
  history: ['base', 'health', 'store/store'],
  // The list of providers that a deployment reads while it runs.
  lists: ['base', 'health', 'keys', 'egress', 'config', 'store/lists'],
  // It reads the statuses and ticks that the table's stream carries.
  alerts: ['base', 'wording', 'health', 'keys', 'egress', 'history/incidents', 'store/store', 'store/items'],
  // The store in memory is the one that HealthChecker has without a table; it brings no client.
  // A status carries checks that have no item yet, and says how many it has room for; a tick says which lie together.
  checker: [
    'base',
    'health',
    'egress',
    'probe',
    'store/store',
    'store/memory',
    'store/items',
    'store/unrecorded',
    'store/check-groups',
    'keys',
    'config',
    'alerts',
    'history',
  ],
  api: [
    'base',
    'wording',
    'health',
    'keys/key-like',
    'failures',
    'store/store',
    'checker',
    'config',
    'history',
    'alerts/channels/test-channels',
  ],
  // A status is read from the table as the store wrote it; an answer means the same to probes and to routers.
  reader: ['base', 'health', 'store/items', 'store/env', 'store/dynamo/account', 'store/dynamo/protocol', 'failures'],
  costs: ['health'],
  stack: [
    'base',
    'health',
    'costs',
    'config',
    'keys/reference',
    'egress',
    'lists/source',
    'store/items/keys',
    'store/env',
  ],
  'index.ts': ['base', 'health', 'checker', 'config', 'egress', 'alerts/notice', 'alerts/sent'],
  local: [
    'base',
    'wording',
    'health',
    'keys',
    'egress',
    'probe',
    'config',
    'store',
    'checker',
    'api',
    'alerts',
    'history',
  ],
  cli: ['base', 'wording', 'health', 'keys', 'egress', 'probe', 'config', 'store', 'alerts', 'reader', 'local'],
  build: ['config', 'stack'],
};

/** Packages that only some files may import. Every file may import the others. */
const PACKAGE_HOMES: readonly { packages: RegExp; homes: RegExp; why: string }[] = [
  {
    packages: /^@aws-sdk\/(client-dynamodb|lib-dynamodb|util-dynamodb)/,
    homes: /^(lib\/(store\/dynamo|reader|local)|functions|bin)\//,
    why: 'only the store, the reader and what wires them know DynamoDB',
  },
  {
    packages: /^@aws-sdk\//,
    homes: /^(lib\/(store\/dynamo|reader|local|keys|alerts)|functions|bin)\//,
    why: 'clients of AWS are built at the borders',
  },
  { packages: /^undici/, homes: /^lib\/(probe|alerts|local)\//, why: 'requests to providers are sent by probe alone' },
  {
    packages: /^(aws-cdk-lib|constructs|cdk-nag|esbuild)/,
    homes: /^(lib\/(stack|build)|bin)\//,
    why: 'CDK stays in the stack',
  },
  { packages: /^@?hono/, homes: /^(lib\/(api|local)|functions|bin)\//, why: 'HTTP is served by the API' },
  { packages: /^(oauth4webapi|jose)$/, homes: /^lib\/api\/access\//, why: 'callers are identified in one place' },
  { packages: /^dynalite/, homes: /^lib\/local\//, why: 'the embedded table is local' },
  { packages: /^@types\/aws-lambda|^aws-lambda/, homes: /^functions\//, why: 'no other code sees a Lambda event' },
];

const lib = sourceFiles('lib');
/** The files that may import the stack: the CDK app, and the build that packs the handlers. */
const STACK_IMPORTERS = /^(bin|lib\/build)\//;

const all = [...lib, ...sourceFiles('functions', 'bin')];

const folderOf = (path: string) => path.split('/')[1] ?? '';
const folders = [...new Set(lib.map(({ path }) => folderOf(path)))].sort();

/** The lowest layer: every folder may import it, and it imports nothing of the project. */
const LOWEST = 'base';

function mayImport(folder: string, target: string): boolean {
  if (folderOf(target) === folder || folderOf(target) === LOWEST) return true;
  const allowed = MAY_IMPORT[folder] ?? [];
  return allowed.some((name) => target === `lib/${name}.ts` || target.startsWith(`lib/${name}/`));
}

describe('the layout', () => {
  it('has only folders that say what they may import', () => {
    expect(folders.filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  it.each(folders)('lets lib/%s import what it may, and nothing else of the project', (folder) => {
    const forbidden = lib
      .filter(({ path }) => folderOf(path) === folder)
      .flatMap(({ path, imports }) =>
        imports.filter((target) => !mayImport(folder, target)).map((target) => `${path} imports ${target}`),
      );
    expect(forbidden).toEqual([]);
  });

  it('has the stack imported by bin and the build alone', () => {
    const importers = [...all, ...sourceFiles('examples')]
      .filter(
        ({ path, imports }) => !path.startsWith('lib/stack/') && imports.some((to) => to.startsWith('lib/stack/')),
      )
      .map(({ path }) => path);
    expect(importers.filter((path) => !STACK_IMPORTERS.test(path))).toEqual([]);
  });

  it.each(PACKAGE_HOMES)('keeps packages in their place: $why', ({ packages, homes }) => {
    const strays = all
      .filter(({ path }) => !homes.test(path))
      .flatMap((file) =>
        file.packages.filter((name) => packages.test(name)).map((name) => `${file.path} imports ${name}`),
      );
    expect(strays).toEqual([]);
  });

  it('opens ports in one place, where the caller says who may connect', () => {
    const opening = /\.listen\(|\bcreate(?:Adaptor|Secure)?Server\b|\bserve\b.*@hono\/node-server/;
    const homes = all.filter(({ code }) => opening.test(code)).map(({ path }) => path);
    expect(homes).toEqual(['lib/local/door.ts']);
  });

  it('has no test code in product code', () => {
    const strays = all.filter(({ imports }) => imports.some((target) => target.startsWith('test/')));
    expect(strays.map(({ path }) => path)).toEqual([]);
  });

  it('has no circle of files', () => {
    expect(circlesIn(all)).toEqual([]);
  });

  it('has only files that gather others where other programs import them', () => {
    const exporting = /^export (?:type )?(?:\*|\{[^}]*\})(?: as \w+)? from '[^']+';/gm;
    const barrels = lib.filter(({ code }) => code.search(exporting) >= 0 && code.replace(exporting, '').trim() === '');
    expect(barrels.map(({ path }) => path).filter((path) => !ENTRIES.includes(path))).toEqual([]);
  });
});

describe('the rules of health', () => {
  const health = lib.filter(({ path }) => path.startsWith('lib/health/'));

  it('use no package and no module of Node', () => {
    expect(health.flatMap(({ packages }) => packages)).toEqual([]);
  });

  it.each([
    ['the clock', /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bset(?:Timeout|Interval)\b/],
    ['the environment', /\bprocess\b/],
    ['randomness', /\bMath\.random\b|\bcrypto\b/],
    ['the network', /\bfetch\(/],
  ])('never reach for %s: it is passed in', (_, pattern) => {
    expect(health.filter(({ code }) => pattern.test(code)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the reading of imports', () => {
  it.each([
    ["import { a } from './a.ts';", './a.ts'],
    ["import type { A } from './a.ts';", './a.ts'],
    ["import {\n  a,\n  b,\n} from './a.ts';", './a.ts'],
    ["export { a } from './a.ts';", './a.ts'],
    ["export * from './a.ts';", './a.ts'],
    ["import './a.ts';", './a.ts'],
    ["const a = await import('./a.ts');", './a.ts'],
    ["type A = import('./a.ts').A;", './a.ts'],
    ["import * as z from 'zod';", 'zod'],
  ])('finds %j', (code, expected) => {
    expect(importedBy(code)).toEqual([expected]);
  });

  it('takes no call of a method for one', () => {
    expect(importedBy("Buffer.from('ffd8ff', 'hex')")).toEqual([]);
  });
});
