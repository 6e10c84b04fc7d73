import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, routesOf } from '../../lib/api/app.ts';
import { type Clock, systemClock } from '../../lib/base/clock.ts';
import type { Log } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import type { HealthCheckerOptions } from '../../lib/checker/options.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { transitionLine } from '../../lib/local/lines.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { type ChannelServer, startChannelServer } from '../support/channel-server.ts';
import { runCommandLine } from '../support/command-line.ts';
import { GOOD, MISBEHAVIOURS } from '../support/servers/misbehaviours.ts';
import { answer, type Peer, startPeer } from '../support/servers/peer.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { echoesOf } from './echoes.ts';
import { ENCODINGS, leaksOf } from './leaks.ts';

/** Unlike the keys of any provider, so that only knowing it can hide it, and with every character that encodings write differently. */
const KEY = 'Zq8v+T1mXw4L/r7PnKc2Jd_hG5sB9-uE3kQ=';

/** Secrets other than `apiKey`, by their place: references, and the literal value of a header (K10). */
const OTHERS = {
  header: 'mB4x+Q9zLr2Wt/7VkYc8Hs_pJ6nF3-aD5gU=',
  body: 'Rj6d+N3yTb8Kf/1XqGz5Mw_vC9sL2-hE7oI=',
  path: 'pX7cV2mQ9tL4wR8kZ3nB6yH1',
  literal: 'team-of-search-and-ranking',
};
const SECRETS = [KEY, ...Object.values(OTHERS)];
const ENV = { KEY, HEADER: OTHERS.header, BODY: OTHERS.body, PATH_KEY: OTHERS.path };

/** The same code hides all of them, so some of each kind are enough for the others. */
const echoes = [
  ...echoesOf(KEY),
  ...Object.values(OTHERS).flatMap((secret, k) => echoesOf(secret).filter((_, i) => i % 12 === 2 * k)),
];
/** One for each kind of failure that does not send the key, since a library may still show the key of the request. */
const failures = MISBEHAVIOURS.filter(({ options, hangs }) => options === undefined && hangs !== true);

/** The pause before a confirming probe ends at once. */
const clock: Clock = {
  now: () => new Date(Date.parse('2026-03-01T10:00:00.000Z') + ticks * 60_000),
  sleep: (ms, signal) => (ms <= 1000 ? Promise.resolve() : systemClock.sleep(ms, signal)),
};
let ticks = 0;

let table: TestTable;
let peer: Peer;
let channel: ChannelServer;
let folder: string;
/** The output of the monitor, by the kind of output. */
const said = new Map<string, string>();

function say(where: string, text: string): void {
  said.set(where, `${said.get(where) ?? ''}\n${text}`);
}

function configOf(origin: string, channelUrl: string) {
  const provider = (id: string, path: string, more = {}) => ({
    id,
    type: 'openai-compatible',
    model: 'test-model',
    baseUrl: `${origin}/${path}/env:PATH_KEY/v1`,
    apiKey: 'env:KEY',
    headers: { 'x-gateway-token': 'env:HEADER', 'x-team': OTHERS.literal },
    body: { metadata: { session: ['env:BODY'] } },
    timeoutSeconds: 5,
    ...more,
  });
  return {
    witnesses: [],
    alerts: { alertAfter: 1, channels: [{ type: 'webhook', url: channelUrl, secret: 'env:KEY' }] },
    providers: [
      ...echoes.map((_, i) => provider(`echo-${i}`, `echo-${i}`)),
      ...echoes.map((_, i) => provider(`stream-${i}`, `echo-${i}`, { probe: 'stream' })).filter((_, i) => i % 8 === 0),
      ...failures.map((_, i) => provider(`failure-${i}`, `failure-${i}`)),
      provider('no-such-name', '', { baseUrl: 'https://no-such-name.invalid/v1' }),
      provider('not-listening', '', { baseUrl: 'http://127.0.0.1:1/v1' }),
      provider('no-tls', '', { baseUrl: `${origin.replace('http:', 'https:')}/v1`, timeoutSeconds: 0.2 }),
    ],
  };
}

/**
 * Good in the first tick, so that the later failures are confirmed, cause alerts, and are stored as the first attempt
 * too.
 */
function behave(socket: Parameters<Parameters<typeof startPeer>[0]>[0], request: string): void {
  const [, kind, index] = /^POST \/(echo|failure)-(\d+)\//.exec(request) ?? [];
  if (ticks === 0) socket.end(answer(GOOD));
  else if (kind === 'echo') socket.end(echoes[Number(index)]?.answer ?? '');
  else failures[Number(index)]?.behave(socket, request);
}

beforeAll(async () => {
  table = await startTable();
  peer = await startPeer(behave);
  channel = await startChannelServer({ status: 400, body: `signature of ${KEY} refused` });
  folder = await mkdtemp(join(tmpdir(), 'no-key-'));
  await monitor();
  await checkByCommandLine();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await Promise.all([peer.close(), channel.close(), table.close()]);
});

async function monitor(): Promise<void> {
  const { tableName, endpoint } = table;
  const store = createDynamoStore({ tableName, endpoint, now: clock.now, requestTimeoutMs: 20_000 });
  const config = parseConfig(configOf(peer.origin, channel.url), { addressPolicy: 'loopback' });
  const write = (message: string, fields?: Record<string, unknown>) =>
    say('the log', JSON.stringify([message, fields]));
  const log: Log = { info: write, warn: write, error: write };
  const keys = createKeyResolver({ env: { ...ENV, KEY: `${KEY}\n` } });
  const checker = new HealthChecker({ config, store, keys, addressPolicy: 'loopback', clock, log });
  checker.on('check', (check) => say('the events', JSON.stringify(check)));
  checker.on('transition', (transition) => say('the terminal', transitionLine(transition, true)));

  const [registered] = configOf(peer.origin, channel.url).providers;
  await checker.registerProvider({ ...registered, id: 'registered' });
  for (ticks = 0; ticks < 4; ticks++) {
    const report = await checker.runTick(clock.now(), { owner: 'test', deadlineAt: null });
    say('the reports of ticks', JSON.stringify(report));
  }
  const app = createApp({
    store,
    checker,
    declared: config.providers,
    monitor: { tickSeconds: 60, shards: ['0'] },
    log,
    now: clock.now,
  });
  await askEveryRoute(
    app,
    routesOf({ store, checker, declared: [], monitor: { tickSeconds: 60, shards: ['0'] }, log }),
  );
  await dieWithoutTable({ config, keys, log });
  // Alerts are sent after the tick.
  await checker.stopHealthChecks();
  say(
    'the alerts',
    channel.received.map(({ path, headers, text }) => JSON.stringify([path, headers, text])).join('\n'),
  );
  say('the table', JSON.stringify(await everyItem()));
  store.close();
}

/** A tick that cannot read the table rejects; the error, and all its causes, are put among the dead letters. */
async function dieWithoutTable(parts: Pick<HealthCheckerOptions, 'config' | 'keys' | 'log'>): Promise<void> {
  const store = createDynamoStore({ tableName: table.tableName, endpoint: 'http://127.0.0.1:1' });
  const checker = new HealthChecker({ ...parts, store, addressPolicy: 'loopback', clock });
  const cause = await checker
    .runTick(clock.now(), { owner: 'test', deadlineAt: null })
    .catch((error: unknown) => error);
  say('the dead letters', `${inspect(cause, { depth: 20 })}\n${JSON.stringify(cause)}`);
  await checker.stopHealthChecks();
  store.close();
}

async function askEveryRoute(app: ReturnType<typeof createApp>, routes: ReturnType<typeof routesOf>): Promise<void> {
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const response = await app.request(path, { method, ...init });
    say('the answers of the API', `${JSON.stringify([...response.headers])}\n${await response.text()}`);
  };
  const ids = ['registered', ...echoes.map((_, i) => `echo-${i}`)];
  for (const { method, path } of routes) {
    if (path.startsWith('/assets/')) continue;
    const some = path.includes('{id}') ? ids.filter((_, i) => i % (method === 'GET' ? 3 : 20) === 0) : ['none'];
    const body = JSON.stringify({ type: 'openai', apiKey: KEY, reason: 'planned', until: '2026-03-01T11:00:00Z' });
    const init = method === 'PUT' ? { headers: { 'content-type': 'application/json' }, body } : {};
    for (const id of some) await ask(method, path.replace('{id}', id), init);
  }
  for (const path of ['/v1/transitions', '/v1/providers/echo-0/checks']) {
    for (const format of ['csv', 'ndjson']) await ask('GET', `${path}?format=${format}`);
  }
}

async function everyItem(): Promise<unknown[]> {
  const items: unknown[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await table.documents.send(new ScanCommand({ TableName: table.tableName, ExclusiveStartKey: from }));
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
}

async function checkByCommandLine(): Promise<void> {
  const { alerts, witnesses, ...config } = configOf(peer.origin, channel.url);
  const file = join(folder, 'providers.json');
  await writeFile(file, JSON.stringify(config));
  const literal = join(folder, 'literal.json');
  await writeFile(literal, JSON.stringify({ providers: [{ type: 'openai', apiKey: KEY, headers: { 'x-key': KEY } }] }));
  for (const args of [[file], [file, '--json'], [literal]]) {
    const [config = '', ...rest] = args;
    const { stdout, stderr } = await runCommandLine(['check', '--config', config, '--allow-private-network', ...rest], {
      PATH: process.env.PATH,
      ...ENV,
    });
    say('the command line', `${stdout}\n${stderr}`);
  }
}

describe('K1, K10: no 12 characters of a key that providers echo in every place and encoding are in', () => {
  it.each([
    ['the table', 100_000],
    ['the answers of the API', 1_000_000],
    ['the events', 100_000],
    ['the reports of ticks', 10_000],
    ['the terminal', 10_000],
    ['the log', 10],
    ['the dead letters', 1000],
    ['the alerts', 10_000],
    ['the command line', 10_000],
  ])('%s', (where, atLeast) => {
    const text = said.get(where) ?? '';
    expect(text.length, `what ${where} said`).toBeGreaterThan(atLeast);
    expect(leaksOf(KEY, text)).toEqual([]);
    for (const secret of Object.values(OTHERS)) expect(leaksOf(secret, text, 6)).toEqual([]);
  });

  it('although each provider received and echoed it', async () => {
    expect(peer.requests.length).toBeGreaterThan(4 * echoes.length);
    for (const secret of SECRETS) expect(peer.requests.filter((request) => !request.includes(secret))).toEqual([]);
    const silent = echoes.filter(
      ({ answer }) => !SECRETS.some((secret) => leaksOf(secret, answer.toString()).length > 0),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

describe('the search for a key', () => {
  it.each(Object.entries(ENCODINGS))('finds one %s, within other text and cut at both ends', (_, encode) => {
    const cut = encode(`before ${KEY.slice(5, 25)} after`);
    expect(leaksOf(KEY, JSON.stringify({ text: `x${cut}x` }))).not.toEqual([]);
    expect(leaksOf(KEY, encode('an error without it, as long as this one'))).toEqual([]);
  });
});
