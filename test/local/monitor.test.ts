import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HealthSummary } from '../../lib/health/summary.ts';
import { type LocalMonitor, startLocalMonitor } from '../../lib/local/monitor.ts';
import { LOCAL_DEFAULTS, type LocalSettings } from '../../lib/local/settings.ts';
import { behaviours } from '../../lib/local/simulator/behaviours.ts';
import { seededRandom } from '../../lib/local/simulator/random.ts';
import { createClient } from '../../lib/store/dynamo/client.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { FakeClock } from '../support/clock.ts';
import { type OpenTable, startOpenTable } from '../support/open-table.ts';
import { listeningServers } from '../support/resources.ts';

const SETTINGS: LocalSettings = { ...LOCAL_DEFAULTS, port: 0 };

let clock: FakeClock;
let said: string[];
let monitor: LocalMonitor | null;
let folder: string;

beforeEach(async () => {
  clock = new FakeClock();
  said = [];
  monitor = null;
  folder = await mkdtemp(join(tmpdir(), 'provider-health-'));
});

afterEach(async () => {
  await monitor?.stop();
  await rm(folder, { recursive: true });
});

async function start(settings: Partial<LocalSettings> = {}): Promise<LocalMonitor> {
  const say = (text: string) => void said.push(text);
  const lines = { out: say, err: say, colour: false };
  monitor = await startLocalMonitor({ ...SETTINGS, ...settings }, { lines, clock, random: seededRandom(1) });
  return monitor;
}

/** The providers that would make a tick long (slow, timeout, confirmation) answer like the others here. */
async function startSimulated(settings: Partial<LocalSettings> = {}) {
  const { checker, simulator, ...rest } = await start(settings);
  if (simulator === null) throw new Error('expected simulated providers');
  for (const id of ['vllm-hanging', 'mistral-flaky', 'deepseek-slow']) simulator.set(id, behaviours.fast(20));
  return { ...rest, checker, simulator };
}

async function configFile(config: unknown): Promise<string> {
  const file = join(folder, 'providers.json');
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** Gives the number of servers that were opened since. */
function servers(): () => number {
  const before = new Set(listeningServers());
  return () => listeningServers().filter((server) => !before.has(server)).length;
}

async function summaryOf(url: string): Promise<HealthSummary> {
  return (await fetch(`${url}/v1/summary`)).json() as Promise<HealthSummary>;
}

describe('the local monitor without a configuration', () => {
  test('checks simulated providers and serves what it found, within one tick', async () => {
    const { url, checker } = await startSimulated();
    await once(checker, 'tick');
    const { totalProviders, providers } = await summaryOf(url);
    expect(totalProviders).toBeGreaterThanOrEqual(10);
    expect(providers).toMatchObject({
      openai: { state: 'healthy', errorMessage: null },
      claude: { state: 'healthy' },
      glm: { state: 'healthy' },
      gemini: { state: 'healthy' },
      cohere: { state: 'healthy' },
      'groq-streaming': { state: 'healthy' },
      'openrouter-wrong-key': { state: 'unhealthy', category: 'auth', fault: 'ours' },
      'litellm-html': { state: 'unhealthy', category: 'invalid_response', fault: 'provider' },
    });
    const page = await fetch(`${url}/`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('ticks every 5 s, and says each change of state', async () => {
    const { checker, simulator } = await startSimulated();
    await once(checker, 'tick');
    simulator.set('gemini', behaviours.wrongKey());
    const next = once(checker, 'tick');
    await clock.untilSleeping();
    await clock.advance(5_000);
    await next;
    expect(said).toContainEqual(
      expect.stringMatching(/gemini +healthy -> unhealthy +auth, needs our fix: .*API key not/),
    );
    expect(simulator.requests('gemini')).toHaveLength(2);
  });

  test('checks by hand through the API', async () => {
    const { url, checker } = await startSimulated();
    await once(checker, 'tick');
    const response = await fetch(`${url}/v1/providers/cohere/check`, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ provider: 'cohere', isHealthy: true, trigger: 'manual' });
  });

  test('says where the page and the table are', async () => {
    const { url, dynamodbEndpoint, tableName } = await startSimulated({ tableName: 'my-table' });
    expect(said[0]).toContain(`Status page  ${url}/\n`);
    expect(said[0]).toContain(
      `my-table at ${dynamodbEndpoint} (embedded, lost when this process ends; --data DIR keeps it)`,
    );
    expect(tableName).toBe('my-table');
  });

  test('drops what is expired from its table after a tick', async () => {
    const { checker, dynamodbEndpoint, credentialsFile, tableName } = await startSimulated();
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', credentialsFile ?? '');
    const client = createClient({ endpoint: dynamodbEndpoint, region: 'us-east-1' });
    await once(checker, 'tick');
    const Key = { pk: { S: 'CHECK#gone' }, sk: { S: '2026-01-01T00:00:00.000Z' } };
    const expiresAt = { N: String(clock.now().getTime() / 1000 + 3) };
    await client.send('PutItem', { TableName: tableName, Item: { ...Key, expiresAt } });
    await clock.untilSleeping();
    const next = once(checker, 'tick');
    await clock.advance(5_000);
    await next;
    const isThere = async () => 'Item' in (await client.send('GetItem', { TableName: tableName, Key }));
    while (await isThere()) await new Promise((resolve) => setImmediate(resolve));
    client.destroy();
    vi.unstubAllEnvs();
  });

  test('leaves nothing behind when it is stopped, though a provider hangs', async () => {
    const opened = servers();
    const { url, stop, simulator } = await start();
    expect(opened()).toBeGreaterThanOrEqual(3);
    while (simulator?.requests('vllm-hanging').length === 0) await new Promise((resolve) => setImmediate(resolve));
    await stop();
    await expect.poll(opened).toBe(0);
    expect(clock.sleeping).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
    expect(said.filter((text) => /error|warning/.test(text))).toEqual([]);
  });
});

describe('the local monitor with a configuration', () => {
  test('monitors what it names, at one tick a minute', async () => {
    const { simulator, stop } = await startSimulated();
    const other = simulator.providers.find(({ id }) => id === 'vllm-hanging');
    const file = await configFile({ providers: [{ ...other, id: 'home' }], witnesses: [] });
    const own = await start({ configFile: file });
    expect(own.simulator).toBeNull();
    await once(own.checker, 'tick');
    expect((await summaryOf(own.url)).providers).toMatchObject({ home: { state: 'healthy' } });
    expect(said).toContainEqual(expect.stringContaining('1 provider, a tick every 60 s.'));
    await stop();
  });

  test('names every mistake, and starts nothing', async () => {
    const opened = servers();
    const file = await configFile({
      providers: [{ type: 'opnai' }, { type: 'openai', apiKey: 'sk-literal-12345678' }],
    });
    const starting = start({ configFile: file });
    await expect(starting).rejects.toMatchObject({
      name: 'StartError',
      exitStatus: 2,
      message: expect.stringMatching(/providers\[0\]\.type: .*\nproviders\[1\]\.apiKey: /),
    });
    await expect(starting).rejects.not.toThrow(/sk-literal/);
    await expect.poll(opened).toBe(0);
  });

  test('says so when there is no such file', async () => {
    const file = join(folder, 'none.json');
    await expect(start({ configFile: file })).rejects.toMatchObject({
      exitStatus: 2,
      message: expect.stringContaining(file),
    });
  });
});

describe('a configuration that changes', () => {
  /** Two readings: a change counts when the second reading finds the same text as the first. */
  async function look(): Promise<void> {
    for (let n = 0; n < 3; n++) {
      await clock.untilSleeping(2);
      await clock.advance(2_000);
    }
  }

  async function untilSaid(pattern: RegExp): Promise<void> {
    while (!said.some((text) => pattern.test(text))) {
      await look();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  test('is used without a restart, and what was known before stays known', async () => {
    const { simulator, stop } = await startSimulated();
    const one = simulator.providers.find(({ id }) => id === 'vllm-hanging');
    const file = await configFile({ providers: [{ ...one, id: 'home' }], witnesses: [] });
    const own = await start({ configFile: file });
    const first = own.checker;
    await once(first, 'tick');
    await configFile({
      providers: [
        { ...one, id: 'home' },
        { ...one, id: 'second' },
      ],
      witnesses: [],
    });
    await untilSaid(/providers\.json has changed: 2 providers now; added second$/);
    expect(own.checker).not.toBe(first);
    const { providers } = await summaryOf(own.url);
    expect(Object.keys(providers)).toEqual(['home', 'second']);
    expect(providers.home?.state).toBe('healthy');
    await own.stop();
    await stop();
    expect(clock.sleeping).toBe(0);
  });

  test('is not used while it is wrong: the monitor goes on and says why, once', async () => {
    const { simulator, stop } = await startSimulated();
    const home = { ...simulator.providers.find(({ id }) => id === 'vllm-hanging'), id: 'home' };
    const file = await configFile({ providers: [home], witnesses: [] });
    const own = await start({ configFile: file });
    await once(own.checker, 'tick');
    await configFile({ providers: [home, { type: 'opnai' }], witnesses: [] });
    await untilSaid(/providers\[1\]\.type/);
    await look();
    const complaints = said.filter((text) => text.includes('cannot be used'));
    expect(complaints).toEqual([
      expect.stringMatching(/^.*providers\.json has changed but cannot be used. The monitor continues/),
    ]);
    expect(Object.keys((await summaryOf(own.url)).providers)).toEqual(['home']);

    await rm(file);
    await untilSaid(/cannot be read|no such file/);
    await configFile({ providers: [{ ...home, tags: ['x'] }], witnesses: [] });
    await untilSaid(/1 provider now; changed home$/);
    await own.stop();
    await stop();
  });
});

describe('the local monitor for other machines', () => {
  const PASSWORD = 'correct horse battery';
  const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` });

  beforeEach(() => {
    vi.stubEnv('MONITOR_PASSWORD', PASSWORD);
    vi.stubEnv('READ_PASSWORD', 'reading is enough');
  });
  afterEach(() => vi.unstubAllEnvs());

  const settings = { host: '0.0.0.0', password: 'env:MONITOR_PASSWORD', readPassword: 'env:READ_PASSWORD' };

  test('opens nothing but /healthz without the password, and everything with it', async () => {
    const { url, checker } = await startSimulated(settings);
    await once(checker, 'tick');
    for (const path of ['/', '/v1/summary', '/metrics', '/badge/openai.svg', '/v1/openapi.json']) {
      const refused = await fetch(`${url}${path}`);
      expect(refused.status, path).toBe(401);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Basic/);
      expect((await fetch(`${url}${path}`, { headers: basic(PASSWORD) })).status, path).toBe(200);
      expect((await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${PASSWORD}` } })).status).toBe(401);
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const check = { method: 'POST', headers: basic('reading is enough') };
    expect((await fetch(`${url}/v1/providers/cohere/check`, check)).status).toBe(403);
    expect((await fetch(`${url}/v1/providers/cohere/check`, { ...check, headers: basic(PASSWORD) })).status).toBe(200);
    expect(said.join('\n')).not.toContain(PASSWORD);
    expect(said[0]).toContain('curl -s -u ":$MONITOR_PASSWORD" http://127.0.0.1:');
  });

  test.each([
    { what: 'is not set', value: '', reason: /^--password: .*MONITOR_PASSWORD/ },
    { what: 'is short', value: 'short', reason: /^--password: .*at least 12 characters, got 5/ },
  ])('does not start when the password $what', async ({ value, reason }) => {
    vi.stubEnv('MONITOR_PASSWORD', value);
    const opened = servers();
    await expect(start(settings)).rejects.toMatchObject({
      name: 'StartError',
      exitStatus: 2,
      message: expect.stringMatching(reason),
    });
    await expect.poll(opened).toBe(0);
  });
});

describe('the local monitor with a data folder', () => {
  test('knows after a restart what it knew', async () => {
    const data = join(folder, 'data');
    const first = await startSimulated({ dataFolder: data });
    await once(first.checker, 'tick');
    const before = await summaryOf(first.url);
    await first.stop();
    const second = await start({ dataFolder: data });
    const after = await summaryOf(second.url);
    expect(after.providers.openai?.state).toBe('healthy');
    expect(Object.keys(after.providers)).toEqual(Object.keys(before.providers));
    expect(said.at(-1)).toContain(`(embedded, kept in ${data})`);
    await expect(start({ dataFolder: data })).rejects.toThrow(/in use by another monitor/);
    await second.stop();
  });
});

describe('the table of the local monitor', () => {
  let table: OpenTable;

  beforeEach(async () => {
    table = await startOpenTable('elsewhere');
  });

  // The monitor first, because its last reads need the table.
  afterEach(async () => {
    await monitor?.stop();
    await table.close();
  });

  test('is the one that is named, where one is', async () => {
    const { endpoint, tableName } = table;
    const { checker } = await startSimulated({ dynamodbEndpoint: endpoint, tableName });
    await once(checker, 'tick');
    const store = createDynamoStore({ endpoint, tableName, now: clock.now });
    expect((await store.statuses.get('openai'))?.state).toBe('healthy');
    store.close();
    expect(said[0]).toContain(`elsewhere at ${endpoint}\n`);
  });

  test('must be there when it starts', async () => {
    const opened = servers();
    const starting = start({ dynamodbEndpoint: table.endpoint, tableName: 'missing' });
    await expect(starting).rejects.toMatchObject({
      name: 'StartError',
      exitStatus: 1,
      message: expect.stringMatching(/table missing at .*Or omit --dynamodb-endpoint/),
    });
    await expect.poll(opened).toBe(0);
  });

  test('must answer when it starts', async () => {
    const { endpoint } = await startOpenTable().then(async (gone) => {
      await gone.close();
      return gone;
    });
    const starting = start({ dynamodbEndpoint: endpoint });
    await expect(starting).rejects.toMatchObject({ exitStatus: 1, message: expect.stringContaining(endpoint) });
  });
});

test('a taken port stops the start, and what was started with it', async () => {
  const first = await startSimulated();
  const opened = servers();
  const port = Number(new URL(first.url).port);
  await expect(start({ port })).rejects.toMatchObject({
    exitStatus: 1,
    message: expect.stringContaining(`${port} is taken`),
  });
  await expect.poll(opened).toBe(0);
});
