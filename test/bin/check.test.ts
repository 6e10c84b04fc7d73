import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProviderInput } from '../../lib/config/schema.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { RECORDED } from '../support/answers/all.ts';
import { runCommandLine } from '../support/command-line.ts';

const KEY = 'sk-test-4fQ9ZkT7wXy2Lm8R';
const ROOT = new URL('../../', import.meta.url).pathname;

const folder = mkdtempSync(join(tmpdir(), 'check-'));
const servers: Server[] = [];
const requests: IncomingMessage[] = [];
let onRequest = () => {};

/** Replays the recorded answer whose number is the first segment of the path, or misbehaves as that segment says. */
const replay: RequestListener = (request, response) => {
  requests.push(request);
  onRequest();
  request.resume();
  const [, name = ''] = (request.url ?? '').split('/');
  const recorded = RECORDED[Number(name)];
  if (recorded) {
    response.writeHead(recorded.statusCode, recorded.headers).end(recorded.body);
  } else if (name === 'drops') {
    response.destroy();
  } else if (name === 'redirects') {
    response.writeHead(307, { location: '/0/chat/completions' }).end();
  } else if (name === 'floods') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(2 ** 21)}"`);
  }
  // "hangs" gets no answer.
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

const certificate = (part: string) => readFileSync(`${ROOT}test/support/servers/localhost.${part}.pem`);

let base = '';
let tlsBase = '';
beforeAll(async () => {
  base = `http://127.0.0.1:${await listen(createServer(replay))}`;
  const tls = createTlsServer({ cert: certificate('cert'), key: certificate('key') }, replay);
  tlsBase = `https://localhost:${await listen(tls)}`;
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  for (const server of servers) {
    if ('closeAllConnections' in server) (server as ReturnType<typeof createServer>).closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** @param started Is given the child, to interrupt it. */
const runCheck = (args: readonly string[], started?: (child: ChildProcess) => void) =>
  runCommandLine(['check', ...args], { PATH: process.env.PATH, PROVIDER_KEY: KEY }, started);

function fileOf(content: unknown): string {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const endpoint = (name: string, more: Partial<ProviderInput> = {}): ProviderInput => ({
  id: name,
  type: 'openai-compatible',
  model: 'm',
  baseUrl: `${base}/${name}`,
  apiKey: 'env:PROVIDER_KEY',
  ...more,
});

const recordedAt = (type: string, name: string) =>
  RECORDED.findIndex((recorded) => recorded.type === type && recorded.name === name);

describe('a check of real servers that answer as the providers do', () => {
  const file = () =>
    fileOf({
      providers: [
        ...RECORDED.map(({ type, kind }, index) => ({
          id: `${type}-${index}`,
          type,
          baseUrl: `${base}/${index}`,
          apiKey: 'env:PROVIDER_KEY',
          probe: kind,
          ...(['azure', 'ollama', 'vllm', 'lmstudio', 'litellm'].includes(type) || type.endsWith('-compatible')
            ? { model: 'm' }
            : {}),
        })),
        endpoint('drops'),
        endpoint('redirects'),
        endpoint('floods'),
        endpoint('hangs', { timeoutSeconds: 0.3 }),
        endpoint('untrusted', { baseUrl: `${tlsBase}/untrusted` }),
        endpoint('keyless', { apiKey: 'env:NOT_SET' }),
      ],
    });

  test('gives each answer the category of its table, in the order of the file, and nothing else on standard output', async () => {
    requests.length = 0;
    const { status, stdout, stderr } = await runCheck(['--config', file(), '--json', '--allow-private-network']);
    expect(stderr).toBe('');
    const checks = JSON.parse(stdout) as HealthCheck[];
    expect(checks.map(({ provider, category }) => `${provider}: ${category}`)).toEqual([
      ...RECORDED.map(({ type, expected }, index) => {
        const category = expected.isHealthy ? null : expected.category;
        return `${type}-${index}: ${category}`;
      }),
      'drops: connect',
      'redirects: redirect',
      'floods: too_large',
      'hangs: timeout',
      'untrusted: tls',
      'keyless: config',
    ]);
    expect(status).toBe(1);

    for (const check of checks) {
      expect(check).toMatchObject({ trigger: 'manual', attempts: 1, firstAttempt: null });
      expect(check.isHealthy).toBe(check.category === null);
    }
    // One request each, no failure repeated, no redirect followed, nothing sent without a key.
    expect(requests).toHaveLength(RECORDED.length + 4);
    expect(stdout).not.toContain(KEY.slice(0, 12));
    expect(requests.map(({ url }) => url).join()).not.toContain(KEY.slice(0, 12));
  });

  test.each(['openai', 'claude', 'glm', 'gemini', 'cohere'])('covers %s well and in each failure', (type) => {
    const categories = RECORDED.filter((recorded) => recorded.type === type).map(({ expected }) =>
      expected.isHealthy ? 'healthy' : expected.category,
    );
    expect(categories).toEqual(
      expect.arrayContaining([
        'healthy',
        'auth',
        'quota',
        'rate_limited',
        'overloaded',
        'model_not_found',
        'bad_request',
      ]),
    );
  });
});

describe('the output of a check', () => {
  const well = () => `${base}/${recordedAt('openai', 'a genuine answer')}`;
  const limited = () =>
    `${base}/${RECORDED.findIndex(({ expected }) => !expected.isHealthy && expected.category === 'rate_limited')}`;

  test.each([
    ['limited', [], 1],
    ['limited', ['--fail-on', 'unhealthy'], 0],
    ['keyless', ['--fail-on', 'unhealthy'], 1],
  ])('of one that is %s ends with %j in the status %i', async (id, flags, status) => {
    const one = id === 'limited' ? endpoint(id, { baseUrl: limited() }) : endpoint(id, { apiKey: 'env:NOT_SET' });
    const providers = [endpoint('well', { baseUrl: well() }), one];
    const run = await runCheck(['--config', fileOf({ providers }), '--allow-private-network', ...flags]);
    expect(run.status).toBe(status);
  });

  test('is a table that is aligned, says what is wrong, and has no colours in a pipe', async () => {
    const config = {
      providers: [
        endpoint('well', { baseUrl: well() }),
        endpoint('limited', { baseUrl: limited(), model: 'a-longer-model' }),
        endpoint('off', { enabled: false }),
        endpoint('keyless', { apiKey: 'env:NOT_SET' }),
      ],
    };
    const { status, stdout, stderr } = await runCheck(['--config', fileOf(config), '--allow-private-network']);
    const lines = stdout.replaceAll(/ {2,}\d+ ms/g, '  N ms').split('\n');
    const squeezed = lines.map((line) => line.replaceAll(/ {2,}/g, ' | '));
    expect(squeezed.map((line) => line.split(' | ').slice(0, 6).join(' | '))).toEqual([
      'PROVIDER | MODEL | STATE | TIME | CATEGORY | FAULT',
      expect.stringMatching(/^well \| m \| healthy \| N ms/),
      'limited | a-longer-model | degraded | N ms | rate_limited | ours',
      'keyless | m | unhealthy | N ms | config | ours',
      '',
      '1 of 3 healthy',
      '',
    ]);
    expect(squeezed[3]).toContain('env:NOT_SET: the environment variable is not set. Set NOT_SET');
    const columns = stdout.split('\n').slice(0, 4);
    for (const heading of ['MODEL', 'STATE', 'CATEGORY', 'FAULT', 'MESSAGE']) {
      const at = columns[0]?.indexOf(heading) ?? 0;
      for (const line of columns.filter((line) => line.length > at)) expect(line[at - 1]).toBe(' ');
    }
    expect({ status, stderr, escapes: stdout.includes('\u001b') }).toEqual({ status: 1, stderr: '', escapes: false });
  });

  test('has the exit status 0 when all are healthy', async () => {
    const config = { providers: [endpoint('well', { baseUrl: well() })] };
    const { status, stdout } = await runCheck(['--config', fileOf(config), '--allow-private-network', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ provider: 'well', isHealthy: true, model: 'm' }]);
  });

  test('says that the network of this machine fails when no provider and no witness is reached', async () => {
    const gone = { baseUrl: 'http://127.0.0.1:9/v1' };
    const unreached = { providers: [endpoint('a', gone), endpoint('b', gone)], witnesses: ['127.0.0.1:9'] };
    const without = await runCheck(['--config', fileOf(unreached), '--allow-private-network']);
    expect(without.status).toBe(1);
    expect(without.stderr).toBe(
      "Neither a provider nor 127.0.0.1:9 was reached: check the network of this machine first. The failures below are probably not the providers'.\n",
    );
    const reached = { ...unreached, witnesses: [new URL(base).host] };
    const withWitness = await runCheck(['--config', fileOf(reached), '--allow-private-network']);
    expect({ status: withWitness.status, stderr: withWitness.stderr }).toEqual({ status: 1, stderr: '' });
  });

  test('waits as long as --timeout-seconds says, for every provider', async () => {
    const config = {
      providers: [endpoint('hangs', { timeoutSeconds: 25, probe: 'stream', firstTokenTimeoutSeconds: 25 })],
    };
    const args = ['--config', fileOf(config), '--allow-private-network', '--timeout-seconds', '0.2', '--json'];
    const { status, stdout } = await runCheck(args);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ category: 'timeout' }]);
  });
});

test('a check that is interrupted stops at once, and prints no half of an answer', async () => {
  const config = { providers: [endpoint('hangs', { timeoutSeconds: 25 })] };
  const args = ['--config', fileOf(config), '--allow-private-network', '--timeout-seconds', '600'];
  requests.length = 0;
  const run = await runCheck(args, (child) => {
    onRequest = () => child.kill('SIGINT');
  });
  onRequest = () => {};
  expect(run).toEqual({ status: 130, stdout: '', stderr: '' });
});

describe('a check with a wrong command line or configuration', () => {
  const refused = async (args: readonly string[]) => {
    requests.length = 0;
    const run = await runCheck(args);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(requests).toEqual([]);
    return run.stderr;
  };

  test('probes nothing, and names every mistake in the file', async () => {
    const file = fileOf({
      providers: [endpoint('0'), endpoint('1', { apiKey: KEY }), { ...endpoint('2'), timeout: 5 }, endpoint('0')],
    });
    expect(await refused(['--config', file, '--allow-private-network'])).toBe(
      [
        `${file}: 3 mistakes`,
        'providers[1].apiKey: expected env:, ssm: or secret: and a name, got a literal. Write "env:OPENAI_COMPATIBLE_API_KEY".',
        'providers[2].timeout: unknown field. Did you mean "timeoutSeconds"?',
        'providers[3].id: expected an id of its own, got "0", which is also that of providers[0]. Write "id": "0-2".',
        '',
      ].join('\n'),
    );
  });

  test('probes no private address without --allow-private-network', async () => {
    expect(await refused(['--config', fileOf({ providers: [endpoint('0')] })])).toMatch(
      /^providers\[0\]\.baseUrl: provider 0, host 127\.0\.0\.1:\d+: expected https and a host on the internet\..*--allow-private-network/,
    );
  });

  test('names a file that is missing', async () => {
    expect(await refused(['--config', join(folder, 'none.json')])).toMatch(/none\.json: there is no such file/);
  });

  test('needs a provider that is enabled', async () => {
    const file = fileOf({ providers: [endpoint('0', { enabled: false })] });
    expect(await refused(['--config', file, '--allow-private-network'])).toBe(
      `${file}: expected a provider to check, got none that is enabled.\n`,
    );
  });

  test('is shown the usage', async () => {
    const stderr = await refused(['--confg', 'providers.json']);
    expect(stderr).toContain('--confg: there is no such option.');
    expect(stderr).toContain('Usage: provider-health check --config FILE');
  });
});
