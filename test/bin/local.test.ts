import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { HealthSummary } from '../../lib/health/summary.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Command {
  /** The part of stdout that matches, once it is there; rejects when the process ends before. */
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
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/provider-health.ts', 'start', ...args], {
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
  // npm hands Ctrl-C on to a process that had it from the terminal already, so it may come twice.
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

  test('explains itself', async () => {
    const { exitStatus, stdout } = await start('--help').ended;
    expect(exitStatus).toBe(0);
    expect(stdout).toMatch(/^Usage: provider-health start \[options\]/);
  });
});
