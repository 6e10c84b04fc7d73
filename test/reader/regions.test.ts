/**
 * Three monitors, each with a table of its own, that disagree about the same providers, and one reader for all of them.
 */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { serve } from '@hono/node-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { createHealthReader, ofRegions, type ReaderProblem } from '../../lib/reader/index.ts';
import { regionsSource } from '../../lib/reader/sources/regions-source.ts';
import type { StatusSource } from '../../lib/reader/sources/source.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { type FaultyTable, startFaultyTable } from '../store/dynamo/faulty-table.ts';
import { healthyStatus, minute, unhealthyStatus } from '../support/builders.ts';
import { FakeClock } from '../support/clock.ts';
import { bad, good, ScriptedProber } from '../support/scripted-prober.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { testClock } from './support.ts';

const REGIONS = ['eu-central-1', 'us-east-1', 'ap-southeast-1'] as const;
type Region = (typeof REGIONS)[number];
const IDS = ['alpha', 'beta', 'gamma'] as const;

interface Monitor {
  table: TestTable;
  /** Between the readers and the table. */
  proxy: FaultyTable;
  client: DynamoDBClient;
}

const tables = new Map<Region, Monitor>();

beforeAll(async () => {
  for (const region of REGIONS) {
    const table = await startTable();
    const proxy = await startFaultyTable(table.endpoint);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({ endpoint: proxy.endpoint, region, credentials, maxAttempts: 1 });
    tables.set(region, { table, proxy, client });
  }
});

afterAll(async () => {
  for (const { table, proxy, client } of tables.values()) {
    client.destroy();
    await proxy.close();
    await table.close();
  }
});

let checkers: Map<Region, { checker: HealthChecker; prober: ScriptedProber; clock: FakeClock; store: Store }>;

beforeEach(async () => {
  checkers = new Map();
  for (const [region, { table, proxy }] of tables) {
    proxy.reset();
    await table.empty();
    const clock = new FakeClock();
    const prober = new ScriptedProber();
    const store = createDynamoStore({ tableName: table.tableName, client: table.client, now: clock.now });
    const providers = IDS.map((id) => ({
      id,
      type: 'openai-compatible',
      model: 'm',
      baseUrl: `https://${id}.example.com/v1`,
    }));
    const config = parseConfig({ providers, witnesses: [] }, { addressPolicy: 'public' });
    checkers.set(region, { checker: new HealthChecker({ config, prober, store, clock }), prober, clock, store });
  }
});

afterEach(async () => {
  for (const { checker } of checkers.values()) await checker.stopHealthChecks();
});

/** One tick of the monitors of some regions. */
async function tick(minutes: number, regions: readonly Region[] = REGIONS): Promise<void> {
  for (const region of regions) {
    const monitor = checkers.get(region);
    if (!monitor) continue;
    monitor.clock.set(minute(minutes));
    await monitor.checker.runTick(new Date(minute(minutes)), { owner: `${minutes}`, deadlineAt: null });
  }
}

function scriptIn(region: Region, id: (typeof IDS)[number], step: ReturnType<typeof good>) {
  checkers.get(region)?.prober.script(id, step);
}

function targets(): Record<Region, { tableName: string; client: DynamoDBClient }> {
  return Object.fromEntries(
    [...tables].map(([region, { table, client }]) => [region, { tableName: table.tableName, client }]),
  ) as ReturnType<typeof targets>;
}

function readerOf(regions: Parameters<typeof ofRegions>[0] = targets(), home?: Region) {
  const clock = testClock();
  const problems: ReaderProblem[] = [];
  const health = createHealthReader({
    providers: IDS,
    source: ofRegions(regions, home && { home }),
    clock,
    onProblem: (problem) => problems.push(problem),
  });
  return { health, clock, problems };
}

describe('a reader of three regions that disagree', () => {
  it('finds a provider down when two regions say so, and not when one does', async () => {
    scriptIn('eu-central-1', 'alpha', bad('auth'));
    scriptIn('eu-central-1', 'beta', bad('auth'));
    scriptIn('us-east-1', 'beta', bad('model_not_found'));
    await tick(0);
    const { health, problems } = readerOf();
    await health.warmUp();
    expect(IDS.map((id) => health.isHealthy(id))).toEqual([true, false, true]);
    expect((await health.getHealthyProviders()).providers.sort()).toEqual(['alpha', 'gamma']);
    const { ranked } = await health.rank();
    expect(ranked.at(-1)).toMatchObject({ provider: 'beta', usable: false });
    expect(problems).toEqual([]);
  });

  it('gives the status of each region, and how fast the provider is there', async () => {
    scriptIn('eu-central-1', 'alpha', good(120));
    scriptIn('us-east-1', 'alpha', good(480));
    scriptIn('ap-southeast-1', 'alpha', bad('auth'));
    await tick(0);
    const { health } = readerOf(targets(), 'us-east-1');
    await health.warmUp();
    const { status, regions, responseTimeMs, isHealthy } = await health.getHealthStatus('alpha');
    expect(regions).toMatchObject({
      'eu-central-1': { isHealthy: true, responseTimeMs: 120, stale: false, ageMs: 0 },
      'us-east-1': { isHealthy: true, responseTimeMs: 480 },
      'ap-southeast-1': { isHealthy: false, state: 'unhealthy' },
    });
    // The verdict, with the figures of the region that the program is in.
    expect({ isHealthy, responseTimeMs, state: status?.state }).toEqual({
      isHealthy: true,
      responseTimeMs: 480,
      state: 'healthy',
    });
  });

  it('leaves out a region whose monitor has stopped, once its statuses are stale', async () => {
    scriptIn('us-east-1', 'alpha', bad('auth'));
    await tick(0);
    scriptIn('eu-central-1', 'alpha', bad('auth'));
    const { health, clock } = readerOf();
    await health.warmUp();
    expect(health.isHealthy('alpha')).toBe(true);
    for (const minutes of [1, 2, 3, 4]) await tick(minutes, ['eu-central-1', 'us-east-1']);
    clock.set(minute(4));
    await health.rank();
    // Of two that are fresh, two agree.
    expect(health.isHealthy('alpha')).toBe(false);
    expect((await health.getHealthStatus('alpha')).regions?.['ap-southeast-1']).toMatchObject({ stale: true });
  });

  it('continues without a region that cannot be read, with its last statuses, and reports it', async () => {
    scriptIn('eu-central-1', 'alpha', bad('auth'));
    scriptIn('us-east-1', 'alpha', bad('auth'));
    await tick(0);
    const { health, clock, problems } = readerOf();
    await health.warmUp();
    tables.get('us-east-1')?.proxy.failAlways('Query', (call) => call.hangUp());
    clock.set(minute(1));
    await tick(1);
    const answer = await health.getHealthStatus('alpha');
    expect(answer).toMatchObject({ source: 'table', isHealthy: false });
    expect(answer.regions?.['us-east-1']).toMatchObject({ ageMs: 60_000, stale: false });
    expect(answer.problem).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/^us-east-1: /) });
    expect(problems).toHaveLength(1);
  });

  it('answers from the regions that answer while another hangs', async () => {
    await tick(0);
    tables.get('ap-southeast-1')?.proxy.failAlways('Query', () => {});
    const { health, clock } = readerOf();
    const warm = health.warmUp();
    // The first read's own limits, and how long the others are waited for.
    await clock.untilSleeping(3);
    await clock.advance(400);
    expect(await warm).toMatchObject({ source: 'table', problem: { code: 'slow' } });
    const { regions } = await health.getHealthStatus('alpha');
    // The second of the two that answer may be waited for no longer, on a machine that is slow at this moment.
    expect(Object.keys(regions ?? {})).not.toEqual([]);
    expect(regions).not.toHaveProperty('ap-southeast-1');
    await clock.advance(2000);
  });

  it('falls back when no region can be read, as one of a single table does', async () => {
    for (const { proxy } of tables.values()) proxy.failAlways('Query', (call) => call.hangUp());
    const { health } = readerOf();
    expect(await health.warmUp()).toMatchObject({ source: 'fallback', problem: { code: 'unreachable' } });
    expect((await health.rank()).ranked.map(({ provider }) => provider)).toEqual([...IDS]);
  });

  it('with only one region answers as a reader of its table does', async () => {
    scriptIn('eu-central-1', 'beta', bad('auth'));
    await tick(0);
    const { 'eu-central-1': only } = targets();
    const { health } = readerOf({ 'eu-central-1': only });
    const alone = createHealthReader({ providers: IDS, ...only, clock: testClock() });
    await Promise.all([health.warmUp(), alone.warmUp()]);
    expect(await health.rank()).toEqual(await alone.rank());
    expect(await health.getHealthSummary()).toEqual(await alone.getHealthSummary());
  });

  it('reads tables and APIs side by side', async () => {
    scriptIn('eu-central-1', 'alpha', bad('auth'));
    scriptIn('us-east-1', 'alpha', bad('auth'));
    await tick(0);
    const monitor = checkers.get('us-east-1');
    if (!monitor) throw new Error('expected a monitor');
    const settings = { checker: null, declared: [], log: silentLog, monitor: { tickSeconds: 60, shards: ['0'] } };
    const app = createApp({ ...settings, store: monitor.store, now: monitor.clock.now });
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { 'eu-central-1': first, 'ap-southeast-1': third } = targets();
    const second = { url: `http://127.0.0.1:${port}`, auth: { type: 'none' } } as const;
    const { health } = readerOf({ 'eu-central-1': first, 'us-east-1': second, 'ap-southeast-1': third });
    await health.warmUp();
    expect(health.isHealthy('alpha')).toBe(false);
    server.close();
  });
});

describe('a region that is slow', () => {
  it('does not put an older answer over a newer one', async () => {
    const clock = testClock();
    const answers: ((status: ProviderStatus) => void)[] = [];
    const slow: StatusSource = () =>
      new Promise((resolve) => answers.push((status) => resolve({ statuses: [status], unreadable: [] })));
    const fast: StatusSource = async () => ({ statuses: [healthyStatus()], unreadable: [] });
    const source = regionsSource(new Map(Object.entries({ eu: fast, us: slow })), '', clock);
    const signal = new AbortController().signal;
    const usOf = async (read: ReturnType<StatusSource>) => (await read).regions?.get('alpha')?.get('us');

    const first = source(signal);
    await clock.untilSleeping(2);
    await clock.advance(400);
    expect(await usOf(first)).toBeUndefined();
    const second = source(signal);
    answers[1]?.(unhealthyStatus());
    expect(await usOf(second)).toMatchObject({ isHealthy: false });
    // What the first read was waiting for comes after the second is over.
    answers[0]?.(healthyStatus());
    const third = source(signal);
    await clock.advance(400);
    expect(await usOf(third)).toMatchObject({ isHealthy: false });
    await clock.advance(2000);
    expect(clock.sleeping).toBe(0);
  });
});

describe('ofRegions', () => {
  const table = { tableName: 'provider-health' };
  const make = (regions: object, options?: object) =>
    createHealthReader({ providers: IDS, source: ofRegions(regions as Parameters<typeof ofRegions>[0], options) });

  it.each<[string, object, object | undefined, string]>([
    ['no region', {}, undefined, 'regions: expected a table or a URL for each region, at least one, got 0.'],
    ['another home', { eu: table }, { home: 'us' }, 'home: expected eu, got string.'],
    ['a misspelt option', { eu: table }, { hoem: 'eu' }, 'hoem: expected home, got another option.'],
    ['a misspelt field', { eu: { ...table, tabel: 'x' } }, undefined, 'regions.eu.tabel: expected tableName or client'],
    [
      'a source in a region',
      { eu: { source: () => {} } },
      undefined,
      'regions.eu.source: expected tableName or client',
    ],
    ['a URL that is none', { eu: { url: 'ftp://x', auth: { type: 'none' } } }, undefined, 'url: expected an https URL'],
  ])('with %s is refused', (_, regions, options, message) => {
    expect(() => make(regions, options)).toThrow(message);
  });

  it.each<[string, object, string]>([
    [
      'a table beside the source',
      { source: () => {}, tableName: 'x' },
      'tableName: expected no such option beside `source`, got one',
    ],
    ['a source that is none', { source: { eu: table } }, 'source: expected a function, got object.'],
  ])('is refused with %s', (_, options, message) => {
    const given = { providers: IDS, ...options } as unknown as Parameters<typeof createHealthReader>[0];
    expect(() => createHealthReader(given)).toThrow(message);
  });
});
