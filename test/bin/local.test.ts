import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HealthSummary } from '../../lib/health/summary.ts';
import { neverAnswer, startFaultyTable } from '../store/dynamo/faulty-table.ts';
import { commandLine, runCommandLine } from '../support/command-line.ts';
import { answer, type Behaviour, type Peer, startPeer } from '../support/servers/peer.ts';
import { STUBBORN } from '../support/servers/stubborn.ts';
import { startTable } from '../support/table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Command {
  /** The part of stdout that matches, as soon as it is printed; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ exitStatus: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

let commands: Command[] = [];

afterEach(async () => {
  for (const command of commands) command.kill('SIGKILL');
  await Promise.all(commands.map(({ ended }) => ended));
  commands = [];
});

/** The command that `npm start` is. */
function start(...args: string[]): Command {
  const child = spawn(process.execPath, [commandLine(), 'start', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([exitStatus, signal]) => ({ exitStatus, signal, stdout, stderr }));
  const command: Command = {
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(stdout)?.[1];
          if (found !== undefined) resolve(found);
        };
        child.stdout.on('data', look);
        look();
        void ended.then(() => reject(new Error(`ended before it printed ${pattern}:\n${stdout}\n${stderr}`)));
      }),
    kill: (signal) => void child.kill(signal),
    ended,
  };
  commands.push(command);
  return command;
}

describe('npm start', () => {
  // npm passes Ctrl-C on to a process that has already got it from the terminal, so it may come twice.
  test.each([{ signals: ['SIGTERM'] }, { signals: ['SIGINT', 'SIGINT'] }] as const)(
    'monitors simulated providers until $signals, and ends with status 0',
    async ({ signals }) => {
      const command = start('--port', '0');
      const url = await command.printed(/Status page {2}(http:\S+)\//);
      await command.printed(/(openai) +unknown -> healthy/);
      const summary = (await (await fetch(`${url}/v1/summary`)).json()) as HealthSummary;
      expect(summary.totalProviders).toBeGreaterThanOrEqual(10);
      expect(summary.providers.openai?.state).toBe('healthy');

      for (const signal of signals) command.kill(signal);
      expect(await command.ended).toMatchObject({
        exitStatus: 0,
        signal: null,
        stdout: expect.stringContaining('\nStopping.\n'),
        stderr: '',
      });
    },
  );

  test('prints where its table is and the file with its key, with which another program reads it', async () => {
    const command = start('--port', '0');
    const endpoint = await command.printed(/Table {8}provider-health at (http:\S+) \(embedded, lost/);
    const variables = await command.printed(/For your programs: (.+)\n/);
    await command.printed(/(openai) +unknown -> healthy/);

    const args = ['status', '--json', '--table', 'provider-health', '--endpoint', endpoint];
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE, ...env } = process.env;
    const withKey = {
      ...env,
      ...Object.fromEntries(variables.split(' ').map((text) => text.split('=', 2) as [string, string])),
    };
    const { stdout } = await runCommandLine(['status', '--json', '--table', 'provider-health'], withKey);
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ provider: 'openai', state: 'healthy' }));

    const { stdout: nothing, stderr } = await runCommandLine(args, env);
    expect(nothing).toBe('');
    expect(stderr).toContain('UnrecognizedClientException. Check the credentials');
  });

  test('names every mistake of the command line, and ends with status 2', async () => {
    const { exitStatus, stdout, stderr } = await start('--port', 'x', '--host', '0.0.0.0', '--bogus').ended;
    expect(exitStatus).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/--bogus: .*\n--port: .*\n--host: .*\n\nUsage/);
  });

  test('says what to do about a taken port, and ends with status 1', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitStatus, stderr } = await start('--port', String(port)).ended;
    other.close();
    expect(exitStatus).toBe(1);
    expect(stderr).toBe(
      `--port: ${port} is taken on 127.0.0.1. Stop what uses it, or choose another: npm start -- --port ${port + 1} (--port 0 takes any free one)\n`,
    );
  });

  test('with --json prints objects, one a line, and nothing else', async () => {
    const command = start('--port', '0', '--json');
    const started = await command.printed(/({"event":"started".*})\n/);
    const { url } = JSON.parse(started) as { url: string };
    expect((await fetch(`${url}/healthz`)).status).toBeGreaterThan(0);
    await command.printed(/("event":"transition")/);
    command.kill('SIGTERM');
    const { stdout, exitStatus } = await command.ended;
    expect(exitStatus).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(new Set(events)).toEqual(new Set(['started', 'transition']));
  });

  test('prints its usage', async () => {
    const { exitStatus, stdout } = await start('--help').ended;
    expect(exitStatus).toBe(0);
    expect(stdout).toMatch(/^Usage: provider-health start \[options\]/);
  });
});

describe('npm start, stopped', () => {
  const STOPS = Number(process.env.STOPS ?? 1);
  let peers: Peer[];
  let folder: string;

  beforeEach(async () => {
    peers = [];
    folder = await mkdtemp(join(tmpdir(), 'provider-health-'));
  });
  afterEach(async () => {
    await Promise.all(peers.map((peer) => peer.close()));
    await rm(folder, { recursive: true });
  });

  async function peerOf(behave: Behaviour): Promise<Peer> {
    const peer = await startPeer(behave);
    peers.push(peer);
    return peer;
  }

  /** A provider whose key is refused and one that hangs, a heartbeat that hangs, and these channels. */
  async function configFile(channels: readonly Peer[]): Promise<string> {
    const [refusing, silent, ping] = await Promise.all([
      peerOf((socket) => void socket.write(answer('{"error":{"message":"no"}}', {}, '401 Unauthorized'))),
      peerOf(() => {}),
      peerOf(() => {}),
    ]);
    const provider = { type: 'openai-compatible', model: 'm', timeoutSeconds: 25 };
    const config = {
      providers: [
        { ...provider, id: 'refusing', baseUrl: `${refusing.origin}/v1` },
        { ...provider, id: 'silent', baseUrl: `${silent.origin}/v1` },
      ],
      witnesses: [],
      heartbeatUrl: `${ping.origin}/ping`,
      alerts: { channels: channels.map(({ origin }, index) => ({ id: `c${index}`, type: 'webhook', url: origin })) },
    };
    const file = join(folder, 'providers.json');
    await writeFile(file, JSON.stringify(config));
    return file;
  }

  const untilAsked = async (asked: readonly Peer[]) => {
    while (asked.some(({ requests }) => requests.length === 0)) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test(`ends with status 0 though every channel fails, a provider hangs and a client stays connected (${STOPS} times)`, async () => {
    const endings: number[] = [];
    for (let stop = 0; stop < STOPS; stop++) {
      const channels = await Promise.all(Object.values(STUBBORN).map(peerOf));
      const command = start('--port', '0', '--config', await configFile(channels));
      const url = await command.printed(/Status page {2}(http:\S+)\//);
      // A request that never ends.
      const client = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
      client.write('POST /v1/alerts/test HTTP/1.1\r\nhost: 127.0.0.1\r\n');
      await untilAsked(channels);
      const stoppedAt = performance.now();
      command.kill('SIGTERM');
      expect(await command.ended).toMatchObject({ exitStatus: 0, signal: null });
      endings.push(Math.round(performance.now() - stoppedAt));
      client.destroy();
    }
    if (process.env.FIGURES) console.log(`ended after ${endings.join(', ')} ms`);
  });

  test('ends by itself, with status 1 and the reason, when the table does not answer', async () => {
    const table = await startTable();
    const proxy = await startFaultyTable(table.endpoint);
    const file = await configFile([]);
    const args = ['--port', '0', '--config', file, '--dynamodb-endpoint', proxy.endpoint, '--table', table.tableName];
    const command = start(...args);
    await command.printed(/(refusing) +unknown -> unhealthy/);
    for (const operation of ['Query', 'GetItem', 'PutItem', 'UpdateItem', 'BatchWriteItem', 'DeleteItem']) {
      proxy.failAlways(operation, neverAnswer);
    }
    command.kill('SIGTERM');
    const { exitStatus, stderr } = await command.ended;
    expect({ exitStatus, stderr }).toEqual({ exitStatus: 1, stderr: expect.stringContaining('stop: expected') });
    await proxy.close();
    await table.close();
  });
});
