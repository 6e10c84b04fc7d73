/** Finds the files and packages that each file of the project imports, by its text. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the root of the project, with slashes: `lib/health/score.ts`. */
  path: string;
  /** Without its comments. */
  code: string;
  /** Files of the project, as `path` is. */
  imports: string[];
  /** Packages and `node:` modules, as they are written. */
  packages: string[];
}

/** Every TypeScript file of the given folders; a folder that does not exist has none. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) => {
    try {
      return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => read(join(entry.parentPath, entry.name)));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  });
}

function read(file: string): SourceFile {
  const path = relative(ROOT, file).replaceAll('\\', '/');
  const code = readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '');
  const specifiers = importedBy(code);
  return {
    path,
    code,
    imports: specifiers
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => posix.join(dirname(path), specifier)),
    packages: specifiers.filter((specifier) => !specifier.startsWith('.')),
  };
}

/** What `import … from`, `export … from`, `import '…'` and `import('…')` name. */
export function importedBy(code: string): string[] {
  const pattern = /\b(?:from\s*|import\s*\(?\s*)(['"])([^'"\n]+)\1/g;
  return [...code.matchAll(pattern)].flatMap((match) => match[2] ?? []);
}

/** Groups of files that import each other, directly or through others; each sorted, types counted as imports. */
export function circlesIn(files: readonly SourceFile[]): string[][] {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports]));
  const reachedFrom = (start: string): Set<string> => {
    const reached = new Set<string>();
    const open = [...(importsOf.get(start) ?? [])];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (reached.has(path)) continue;
      reached.add(path);
      open.push(...(importsOf.get(path) ?? []));
    }
    return reached;
  };
  const reached = new Map([...importsOf.keys()].map((path) => [path, reachedFrom(path)]));
  const circles = [...reached]
    .filter(([path, paths]) => paths.has(path))
    .map(([path, paths]) => [...paths].filter((other) => reached.get(other)?.has(path)).sort());
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()].sort();
}
