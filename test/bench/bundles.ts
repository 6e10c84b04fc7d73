/** Bytes of each deployed function, and the CPU that a fresh process takes to import it. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Deployment } from '../../lib/config/deployment.ts';
import { writeHandler } from '../../lib/stack/functions/handler-bundle.ts';
import { HANDLERS } from '../../lib/stack/functions/handler-source.ts';
import { TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import { median, printTable } from './table.ts';

const REPEATS = 7;

const DEPLOYMENT: Deployment = {
  config: { providers: [{ type: 'openai', apiKey: 'ssm:/bench' }] },
  addressPolicy: 'public',
  proxies: null,
  tickSeconds: 60,
  metricsPerProvider: false,
  access: null,
  proofs: { reads: ['iam'], writes: ['iam'] },
  publicUrl: null,
  providerList: null,
  shards: 1,
};

/** The environment variables that the handlers need. Nothing is called. */
const ENVIRONMENT = { AWS_REGION: 'us-east-1', [TABLE_NAME_VARIABLE]: 'bench' };

const IMPORT = `
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1000);
`;

export async function benchBundles(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'provider-health-bench-'));
  try {
    const rows = HANDLERS.map((handler) => {
      const target = join(directory, handler);
      writeHandler(handler, DEPLOYMENT, target);
      const bytes = sizesOf(target);
      const url = pathToFileURL(join(target, 'index.mjs')).href;
      const importCpuMs = median(Array.from({ length: REPEATS }, () => importCpuMsOf(url)));
      return [handler, kilobytes(bytes.index), kilobytes(bytes.all), importCpuMs.toFixed(0)];
    });
    console.log(
      `\nBundles as deployed; CPU of the import in a fresh process of Node ${process.versions.node}, median of ${REPEATS}.`,
    );
    printTable(['function', 'module kB', 'all modules kB', 'import CPU ms'], rows);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The bytes that a cold start reads, without and with the modules that are imported later. */
function sizesOf(directory: string): { index: number; all: number } {
  const modules = readdirSync(directory).filter((name) => name.endsWith('.mjs'));
  const size = (name: string) => statSync(join(directory, name)).size;
  return { index: size('index.mjs'), all: modules.reduce((sum, name) => sum + size(name), 0) };
}

function importCpuMsOf(url: string): number {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', IMPORT, url], {
    env: { ...process.env, ...ENVIRONMENT },
    encoding: 'utf8',
    // A stack trace would quote a minified line, megabytes long.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(output.trim().split('\n').at(-1));
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}
