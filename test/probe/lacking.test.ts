/** T10: a process that may have fewer files than it has providers, and one that has none left. */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const COMPLETION = JSON.stringify({
  id: 'chatcmpl-test',
  object: 'chat.completion',
  model: 'test',
  choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
});
const CHILD = fileURLToPath(new URL('short-process.ts', import.meta.url));
/** CommonJS inside the bundle calls `require`. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";
/** Enough for a process to start with, and fewer than its providers. */
const FILES = 90;

interface Tick {
  stored: string[];
  skipped: { provider: string; reason: string; because?: string }[];
  failed: unknown[];
  states: Record<string, { state: string; version: number }>;
}

let server: Server;
let origin: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'provider-health-lacking-'));
  // One file: to load hundreds, a process opens more of them at once than this one may have.
  await build({
    entryPoints: [CHILD],
    outfile: join(folder, 'child.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: REQUIRE },
    logLevel: 'warning',
  });
  // Each answer takes its time, so that connections would pile up.
  server = createServer((_, response) => {
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(COMPLETION), 20);
  }).listen(0);
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

async function ticksOf(leftFiles: number): Promise<{ first: Tick; second: Tick; third: Tick }> {
  const command = `ulimit -n ${FILES} && exec "$0" "$1" "$2" "$3"`;
  const args = ['-c', command, process.execPath, join(folder, 'child.mjs'), origin, String(leftFiles)];
  const { stdout } = await promisify(execFile)('sh', args, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout);
}

const healthy = (tick: Tick) => Object.values(tick.states).filter(({ state }) => state === 'healthy').length;

describe.skipIf(process.platform === 'win32')('T10: a process with 90 files and 100 providers', () => {
  it.each([
    ['none', 0],
    ['two', 2],
  ])('probes all of them while it has files; with %s left it blames no provider, and names itself', async (_, left) => {
    const { first, second, third } = await ticksOf(left);
    expect(first.skipped).toEqual([]);
    expect(healthy(first)).toBe(99);
    expect(first.states.nowhere?.state).toBe('unhealthy');

    const short = second.skipped.filter(({ reason }) => reason === 'monitor_fault');
    expect(short.length).toBeGreaterThanOrEqual(left === 0 ? 100 : 1);
    for (const { because } of short) {
      expect(because).toMatch(/^the monitor's own machine had no more open files .*\(EMFILE\)/);
    }
    for (const { provider } of short) expect(second.states[provider]).toEqual(first.states[provider]);
    expect(healthy(second)).toBe(99);
    expect(second.stored.length + second.skipped.length + second.failed.length).toBe(100);

    expect(third.stored).toHaveLength(100);
  });
});
