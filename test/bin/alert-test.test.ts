import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChannelServer, startChannelServer } from '../support/channel-server.ts';
import { runCommandLine } from '../support/command-line.ts';
import { startProxy } from '../support/servers/proxy.ts';

const folder = mkdtempSync(join(tmpdir(), 'alert-test-'));
const file = join(folder, 'providers.json');

let server: ChannelServer;
beforeAll(async () => {
  server = await startChannelServer();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  runCommandLine(['alert-test', ...args], { PATH: process.env.PATH, ...env });

const configure = (channels: unknown) => writeFileSync(file, JSON.stringify({ providers: [], alerts: { channels } }));

describe('npm run alert-test', () => {
  test('sends a test to each channel, says what each answered, and exits 0 when all took it', async () => {
    configure([
      { type: 'webhook', url: `${server.url}/hook` },
      { type: 'slack', id: 'team', url: 'env:SLACK_URL' },
    ]);
    const { status, stdout } = await run(['--config', file, '--allow-private-network'], {
      SLACK_URL: `${server.url}/slack`,
    });
    expect(stdout).toBe(
      [
        'CHANNEL  TYPE     OUTCOME    ANSWER',
        'webhook  webhook  delivered  HTTP 200: ok',
        'team     slack    delivered  HTTP 200: ok',
        '',
      ].join('\n'),
    );
    expect(status).toBe(0);
    expect(
      server.received
        .splice(0)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/hook', '/slack']);
  });

  test('sends through the proxy of the environment', async () => {
    const proxy = await startProxy({ leadsTo: Number(new URL(server.url).port) });
    configure([{ type: 'webhook', url: 'http://hooks.example.com/hook' }]);
    const { status } = await run(['--config', file, '--allow-private-network'], { HTTP_PROXY: proxy.url });
    expect(proxy.asked).toEqual(['hooks.example.com:80']);
    expect(server.received.splice(0)).toMatchObject([{ path: '/hook' }]);
    expect(status).toBe(0);
    await proxy.close();
  });

  test('exits 2 for a wrong proxy in the environment, and names its variable', async () => {
    configure([{ type: 'webhook', url: `${server.url}/hook` }]);
    const { status, stderr } = await run(['--config', file, '--allow-private-network'], { HTTP_PROXY: 'socks5://p' });
    expect(stderr).toContain('HTTP_PROXY: expected the URL of an HTTP proxy');
    expect(status).toBe(2);
  });

  test('exits 1 when one did not, with its answer, also as JSON', async () => {
    server.answerNext({ status: 403, body: 'invalid token' });
    configure([
      { type: 'webhook', url: `${server.url}/hook` },
      { type: 'discord', url: 'env:NOT_SET' },
    ]);
    const { status, stdout } = await run(['--config', file, '--allow-private-network', '--json']);
    expect(JSON.parse(stdout)).toEqual([
      { channel: 'webhook', type: 'webhook', outcome: 'refused', answer: 'HTTP 403: invalid token' },
      {
        channel: 'discord',
        type: 'discord',
        outcome: 'refused',
        answer: 'env:NOT_SET: the environment variable is not set. Set NOT_SET',
      },
    ]);
    expect(status).toBe(1);
    expect(server.received.splice(0)).toHaveLength(1);
  });

  test.each([
    [
      'a private address',
      [{ type: 'webhook', url: 'http://127.0.0.1:1/hook' }],
      'alerts.channels[0].url: expected https and a host',
    ],
    ['no channel', [], 'alerts.channels: expected a channel to test, got none.'],
  ])('exits 2 for %s, and sends nothing', async (_, channels, message) => {
    configure(channels);
    const { status, stdout, stderr } = await run(['--config', file]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(server.received).toEqual([]);
  });

  test('exits 2 with every mistake of the command line, and prints the usage', async () => {
    const { status, stderr } = await run(['--confg', 'x', '--json=yes']);
    expect(status).toBe(2);
    for (const line of [
      '--confg: there is no such option.',
      '--json: expected no value, got "yes".',
      '--config: expected the path',
      'Usage:',
    ]) {
      expect(stderr).toContain(line);
    }
  });
});
