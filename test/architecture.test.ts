/** docs/architecture.md draws the layers and lists the folders as they are. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './support/imports.ts';

const ROOT = new URL('../', import.meta.url);
const page = readFileSync(new URL('docs/architecture.md', ROOT), 'utf8');

/** `lib/store/items/keys.ts` is in the folder `store`, `functions/api.ts` in `functions`; a file of lib itself in none. */
function folderOf(path: string): string | null {
  const [top = '', name = '', ...rest] = path.split('/');
  if (top !== 'lib') return top;
  return rest.length > 0 ? name : null;
}

/** By folder, the other folders that its files import. */
function importedFolders(): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const { path, imports } of sourceFiles('lib', 'functions', 'bin')) {
    const folder = folderOf(path);
    if (folder === null) continue;
    const sources = imports.filter((target) => target.endsWith('.ts'));
    const targets = sources.map(folderOf).filter((target) => target !== null && target !== folder) as string[];
    folders.set(folder, new Set([...(folders.get(folder) ?? []), ...targets]));
  }
  return folders;
}

/** The arrows of the diagram: `a[text] --> b & c[text]`. */
function drawnArrows(): Map<string, string[]> {
  const [, diagram = ''] = /flowchart TD\n([\s\S]*?)```/.exec(page) ?? [];
  const arrows = new Map<string, string[]>();
  for (const line of diagram.split('\n')) {
    const [from, to] = line
      .replaceAll(/\[[^\]]*\]/g, '')
      .split('-->')
      .map((part) => part.trim());
    if (from && to) arrows.set(from, [...(arrows.get(from) ?? []), ...to.split('&').map((name) => name.trim())]);
  }
  return arrows;
}

/** All folders that arrows lead to, over any number of layers. */
function below(arrows: ReadonlyMap<string, readonly string[]>, folder: string): Set<string> {
  const found = new Set<string>();
  const open = [...(arrows.get(folder) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(arrows.get(next) ?? []));
  }
  return found;
}

describe('the diagram of the layers', () => {
  const imported = importedFolders();
  const arrows = drawnArrows();

  it.each([...imported.keys()])('leads from %s down to every folder that it imports', (folder) => {
    const lower = below(arrows, folder);
    expect([...(imported.get(folder) ?? [])].filter((target) => !lower.has(target))).toEqual([]);
  });

  it('draws no arrow without an import', () => {
    const drawn = [...arrows].flatMap(([from, targets]) => targets.map((to) => [from, to] as const));
    expect(drawn.filter(([from, to]) => !imported.get(from)?.has(to))).toEqual([]);
  });
});

describe('the list of folders', () => {
  const rows = [...page.matchAll(/^\| `([\w/]+)` \|/gm)].map(([, folder = '']) => folder);

  it('has every folder of lib, and none that does not exist', () => {
    const folders = [...importedFolders().keys()].map((name) =>
      existsSync(new URL(name, ROOT)) ? name : `lib/${name}`,
    );
    expect(rows.toSorted()).toEqual(folders.toSorted());
  });

  it('names the groups of each folder', () => {
    const named = [...page.matchAll(/^\| `(lib\/\w+)` \|(.*)$/gm)].map(([, folder = '', row = '']) => ({
      folder,
      row,
    }));
    const missing = named.flatMap(({ folder, row }) =>
      readdirSync(new URL(`${folder}/`, ROOT), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !row.includes(`\`${entry.name}\``))
        .map(({ name }) => `${folder}/${name}`),
    );
    // The commands' folders have the names of the commands.
    expect(missing.filter((folder) => !folder.startsWith('lib/cli/'))).toEqual([]);
  });

  it.each([...page.matchAll(/`((?:lib|functions|bin)\/[\w./-]+)`/g)].map(([, path = '']) => path))(
    'names only what exists: %s',
    (path) => {
      expect(existsSync(new URL(path, ROOT))).toBe(true);
    },
  );
});
