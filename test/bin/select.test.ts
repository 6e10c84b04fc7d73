import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAge } from '../../lib/health/aged-status.ts';
import { healthyStatus, unhealthyStatus } from '../support/builders.ts';
import { runCommandLine } from '../support/command-line.ts';

let server: Server;
let url: string;

beforeAll(async () => {
  const now = new Date();
  const timestamp = now.toISOString();
  const providers = [
    healthyStatus({ id: 'slow' }, { timestamp, responseTimeMs: 2000 }),
    healthyStatus({ id: 'fast' }, { timestamp, responseTimeMs: 100 }),
    unhealthyStatus({ id: 'down' }, 'timeout', { timestamp }),
  ].map((status) => withAge(status, now));
  server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ asOf: timestamp, providers, unreadable: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const run = (...args: string[]) => runCommandLine(args);

describe('provider-health select', () => {
  it('prints the id of the best provider and nothing else', async () => {
    expect(await run('select', '--url', url)).toEqual({ status: 0, stdout: 'fast\n', stderr: '' });
  });

  it('exits with 1 when none is usable, and prints the best of the others', async () => {
    expect(await run('select', '--url', url, '--only', 'down')).toMatchObject({ status: 1, stdout: 'down\n' });
  });

  it('prints the whole order as JSON, and names ids that there are not', async () => {
    const { status, stdout, stderr } = await run('select', '--url', url, '--json', '--exclude', 'missing');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      provider: 'fast',
      panic: false,
      ranked: [{ provider: 'fast' }, { provider: 'slow' }, { provider: 'down', tier: 'down', usable: false }],
      unknownIds: ['missing'],
    });
    expect(stderr).toContain('missing');
  });

  it('exits with 3 when the monitor cannot be read', async () => {
    expect(await run('select', '--url', 'http://127.0.0.1:1')).toMatchObject({ status: 3, stdout: '' });
  });
});

describe('provider-health', () => {
  it.each([
    [[], 2],
    [['chek'], 2],
    [['--help'], 0],
    [['--version'], 0],
    [['check', '--bogus'], 2],
  ])('%j exits with %i', async (args, status) => {
    expect(await run(...args)).toMatchObject({ status });
  });

  it.each(['', 'start', 'check', 'status', 'select', 'alert-test'])(
    '%s --help fits a screen of 80 by 24',
    async (name) => {
      const { stdout, status } = await run(...(name ? [name] : []), '--help');
      expect(status).toBe(0);
      const lines = stdout.trimEnd().split('\n');
      expect(lines.length).toBeLessThan(24);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
    },
  );
});
