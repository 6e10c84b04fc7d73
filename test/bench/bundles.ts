/** Bytes of each deployed function, and the CPU that a fresh process takes to import it. */

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HANDLERS } from '../../lib/stack/functions/handler-source.ts';
import { deploy, environmentOf, withDirectory } from './deployed.ts';
import { median, printTable } from './table.ts';

const REPEATS = 7;

const IMPORT = `
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1000);
`;

export async function benchBundles(): Promise<void> {
  await withDirectory(async (directory) => {
    const rows = HANDLERS.map((handler) => {
      const target = join(directory, handler);
      const url = deploy(handler, target);
      const bytes = sizesOf(target);
      const importCpuMs = median(Array.from({ length: REPEATS }, () => importCpuMsOf(url)));
      return [handler, kilobytes(bytes.index), kilobytes(bytes.all), importCpuMs.toFixed(0)];
    });
    console.log(
      `\nBundles as deployed; CPU of the import in a fresh process of Node ${process.versions.node}, median of ${REPEATS}.`,
    );
    printTable(['function', 'module kB', 'all modules kB', 'import CPU ms'], rows);
  });
}

/** The bytes that a cold start reads, without and with the modules that are imported later. */
function sizesOf(directory: string): { index: number; all: number } {
  const modules = readdirSync(directory).filter((name) => name.endsWith('.mjs'));
  const size = (name: string) => statSync(join(directory, name)).size;
  return { index: size('index.mjs'), all: modules.reduce((sum, name) => sum + size(name), 0) };
}

function importCpuMsOf(url: string): number {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', IMPORT, url], {
    env: environmentOf(),
    encoding: 'utf8',
    // A stack trace would quote a minified line, megabytes long.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(output.trim().split('\n').at(-1));
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}
