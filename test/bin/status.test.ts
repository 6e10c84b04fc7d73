import type { ChildProcess } from 'node:child_process';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../lib/api/app.ts';
import type { Door } from '../../lib/local/door.ts';
import { startServer } from '../../lib/local/server.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { healthyStatus, unhealthyStatus } from '../support/builders.ts';
import { runCommandLine } from '../support/command-line.ts';
import { type OpenTable, startOpenTable } from '../support/open-table.ts';

/** @param started Is given the child, to interrupt it. */
const runStatus = (
  args: readonly string[],
  env: Record<string, string> = {},
  started?: (child: ChildProcess) => void,
) => runCommandLine(['status', ...args], { PATH: process.env.PATH, ...env }, started);

let table: OpenTable;
let api: Door;

beforeAll(async () => {
  table = await startOpenTable('health');
  const store = createDynamoStore({ tableName: table.tableName, client: table.client });
  const timestamp = new Date().toISOString();
  await store.statuses.put(
    healthyStatus({ id: 'alpha', tags: ['fast'], intervalSeconds: 3600 }, { timestamp }),
    null,
    null,
  );
  await store.statuses.put(
    unhealthyStatus({ id: 'beta', intervalSeconds: 3600 }, 'timeout', { timestamp }),
    null,
    null,
  );
  const nothing = () => {};
  const app = createApp({
    store,
    checker: null,
    declared: [],
    monitor: { tickSeconds: 60, shards: ['0'] },
    log: { info: nothing, warn: nothing, error: nothing },
  });
  api = await startServer({ fetch: (request) => app.fetch(request), host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  api.cut();
  await api.drain();
  await table.close();
});

const fromTable = () => ['--table', 'health', '--endpoint', table.endpoint];

describe('npm run status', () => {
  it.each([
    ['the API', () => ['--url', api.url]],
    ['the table', fromTable],
  ])('prints what %s has, and ends with 1 when a provider is not usable', async (_, args) => {
    const { status, stdout } = await runStatus(args());
    expect(stdout).toMatch(/^✓ {2}alpha +healthy/m);
    expect(stdout).toMatch(/^✗ {2}beta +unhealthy .* No answer in time, provider’s fault: simulated timeout$/m);
    expect(stdout).toMatch(/\n1 of 2 usable\n$/);
    expect(status).toBe(1);
  });

  it('ends with 0 when all are usable, and prints JSON and nothing else', async () => {
    const { status, stdout, stderr } = await runStatus(['--url', api.url, '--tag', 'fast', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ provider: 'alpha', isHealthy: true, stale: false }]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('prints again and again until Ctrl-C, and ends with the exit status of the last report', async () => {
    let lines = 0;
    const { status, stdout } = await runStatus(['--url', api.url, '--json', '--every-seconds', '1'], {}, (child) => {
      child.stdout?.on('data', (data: string) => {
        lines += data.split('\n').length - 1;
        if (lines >= 2) child.kill('SIGINT');
      });
    });
    const lengths = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).length);
    // A third may be printed before the signal comes.
    expect(lengths.length).toBeGreaterThanOrEqual(2);
    expect(new Set(lengths)).toEqual(new Set([2]));
    expect(status).toBe(1);
  });

  it('ends with 130 when Ctrl-C comes before the first statuses', async () => {
    let child: ChildProcess | undefined;
    const silent = createServer(() => child?.kill('SIGINT'));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const ended = await runStatus(['--url', `http://127.0.0.1:${port}`], {}, (started) => {
      child = started;
    });
    expect(ended).toEqual({ status: 130, stdout: '', stderr: '' });
    silent.close();
  });

  it('ends with 2 for a wrong command line, and names every mistake', async () => {
    const { status, stdout, stderr } = await runStatus(['--frob']);
    expect(stderr).toMatch(
      /^--frob: there is no such option\.\n--url, --table: expected one of them, got none\.\n\nUsage:/,
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('statuses that cannot be read end with 3, and one line that says why:', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function answering(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each<[string, RequestListener, string]>([
    [
      'a closed API',
      (_, response) => response.writeHead(403).end('{"message":"Forbidden"}'),
      'HTTP 403: Forbidden. The API is closed: give --auth iam or --auth bearer.',
    ],
    [
      'another server',
      (_, response) => response.end('<html>'),
      'expected the statuses of a monitor, got something else',
    ],
    ['a redirect', (_, response) => response.writeHead(302, { location: '/' }).end(), 'no answer'],
    ['a closed connection', (request) => request.socket.destroy(), 'no answer (UND_ERR_SOCKET).'],
  ])('%s', async (_, listener, expected) => {
    const { status, stdout, stderr } = await runStatus(['--url', await answering(listener)]);
    expect(stderr).toContain(expected);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  });

  it('another table', async () => {
    const { status, stderr } = await runStatus(['--table', 'elsewhere', '--endpoint', table.endpoint]);
    expect(stderr).toContain('--table elsewhere: ');
    expect(status).toBe(3);
  });

  it('no token', async () => {
    const { status, stderr } = await runStatus(['--url', api.url, '--auth', 'bearer']);
    expect(stderr).toContain('PROVIDER_HEALTH_TOKEN: expected the token of --auth bearer, got nothing.');
    expect(status).toBe(3);
  });

  it('K1 the token goes to the API and nowhere else', async () => {
    const seen: (string | undefined)[] = [];
    const url = await answering((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401).end(JSON.stringify({ message: 'who are you' }));
    });
    const args = ['--url', url, '--auth', 'bearer', '--token-env', 'MY_TOKEN'];
    const { stdout, stderr } = await runStatus(args, { MY_TOKEN: 'secret-token-4711' });
    expect(seen).toEqual(['Bearer secret-token-4711']);
    expect(stdout + stderr).not.toContain('secret-token');
  });
});
