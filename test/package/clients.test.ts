/** Clients made from the OpenAPI document by generators that are not ours, in TypeScript and in Python, against the API. */

import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testApi } from '../api/support.ts';
import { healthyStatus, provider } from '../support/builders.ts';

const run = promisify(execFile);

/** The versions of the generators: others may write other code. */
const TYPESCRIPT_TOOLS = [
  'openapi-typescript@7.13.0',
  'openapi-fetch@0.17.0',
  'typescript@5.9.3',
  '@types/node@20.19.43',
];
const PYTHON_TOOL = 'openapi-python-client';

let directory: string;
let server: Server;
let url: string;
/** `operationId` of every route. */
let operations: string[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'provider-health-clients-'));
  const api = await testApi({ declared: [provider()], statuses: [healthyStatus()] });
  server = createServer(getRequestListener((request) => api.raw(request.url, toInit(request)))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const document = await (await fetch(`${url}/v1/openapi.json`)).text();
  writeFileSync(join(directory, 'openapi.json'), document);
  operations = [...document.matchAll(/"operationId":"(\w+)"/g)].map(([, name = '']) => name);
});

afterAll(() => {
  server?.close();
  rmSync(directory, { recursive: true });
});

function toInit(request: Request): RequestInit {
  const { method, headers, body } = request;
  return { method, headers, ...(body && { body, duplex: 'half' }) };
}

const command = (file: string, ...parameters: string[]) =>
  run(file, parameters, { cwd: directory, env: environment() });

/** The formatter of the Python generator lies beside it. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${join(directory, 'venv/bin')}:${process.env.PATH}`, URL: url };
}

const TYPESCRIPT_PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './api';

const client = createClient<paths>({ baseUrl: process.env.URL ?? '' });
const path = { id: 'alpha' };

async function main() {
  const selected = await client.GET('/v1/select', { params: { query: { only: ['alpha'], strategy: 'weighted' } } });
  const drained = await client.PUT('/v1/providers/{id}/drain', { params: { path }, body: { minutes: 10, reason: 'moving' } });
  const ended = await client.DELETE('/v1/providers/{id}/drain', { params: { path } });
  const unknown = await client.GET('/v1/providers/{id}', { params: { path: { id: 'none' } } });
  const registered = client.PUT('/v1/providers/{id}', { params: { path: { id: 'beta' } }, body: { type: 'openai', body: { a: { b: [1] } } } });
  console.log(selected.data?.provider, drained.data?.drainReason, ended.data?.drainReason, unknown.error?.code, (await registered).response.status);
}
void main();
`;

describe('a client in TypeScript', () => {
  test('has every route, compiles, and understands the answers', async () => {
    writeFileSync(join(directory, 'package.json'), '{"type":"commonjs","private":true}');
    writeFileSync(join(directory, 'main.ts'), TYPESCRIPT_PROGRAM);
    await command('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...TYPESCRIPT_TOOLS);
    await command('npx', 'openapi-typescript', 'openapi.json', '-o', 'api.ts');
    const strict = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
    await command('npx', 'tsc', ...strict, 'main.ts');
    expect((await command('node', 'main.js')).stdout.trim()).toBe('alpha moving null unknown_provider 201');
    const generated = execFileSync('cat', ['api.ts'], { cwd: directory, encoding: 'utf8' });
    expect(operations.filter((name) => !generated.includes(`operations["${name}"]`))).toEqual([]);
  });
});

const PYTHON_PROGRAM = `
import os
from provider_health_client import Client
from provider_health_client.api.changes import end_drain, set_drain
from provider_health_client.api.routing import select_provider
from provider_health_client.models import PauseFor

client = Client(base_url=os.environ["URL"])
selected = select_provider.sync(client=client, only=["alpha"])
drained = set_drain.sync_detailed("alpha", client=client, body=PauseFor(minutes=10, reason="moving"))
ended = end_drain.sync_detailed("alpha", client=client)
print(selected.provider, drained.status_code.value, ended.status_code.value)
`;

function findsPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'import venv, ensurepip'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!findsPython())('a client in Python', () => {
  test('has every route, compiles, and understands the answers', async () => {
    await command('python3', '-m', 'venv', 'venv');
    await command('venv/bin/pip', 'install', '--quiet', PYTHON_TOOL);
    await command('venv/bin/openapi-python-client', 'generate', '--path', 'openapi.json', '--output-path', 'python');
    await command('venv/bin/python', '-m', 'compileall', '-q', 'python');
    const { stdout } = await command('find', 'python', '-path', '*/api/*', '-name', '*.py');
    const modules: string[] = stdout.match(/\w+(?=\.py)/g) ?? [];
    const moduleOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    expect(operations.filter((name) => !modules.includes(moduleOf(name)))).toEqual([]);
    writeFileSync(join(directory, 'python/main.py'), PYTHON_PROGRAM);
    expect((await command('venv/bin/python', 'python/main.py')).stdout.trim()).toBe('alpha 200 200');
    // Installing takes what the index takes; this only catches a hang.
  }, 300_000);
});
