/**
 * The functions as they are deployed, on an AWS that checks each call against their own policies. Everything that the
 * monitor does is compared with the rights in the template: no right is missing, and every right is used.
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardNames, shardOf } from '../../lib/health/shards.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { reportItem } from '../../lib/store/items/report-item.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { type EmulatedAws, startAws } from '../support/aws/aws.ts';
import { ACCOUNT, type Allowance, covers, REGION } from '../support/aws/policies.ts';
import { failedCheck, goodCheck, provider, statusAfter } from '../support/builders.ts';
import {
  type BundledFunction,
  type Bundles,
  bundleFunctions,
  type RunningFunction,
  redeploy,
  startFunction,
} from '../support/bundle.ts';
import { httpEvent, scheduledEvent } from '../support/bundle-events.ts';
import { streamEvent, tableRecord } from '../support/stream-records.ts';
import { startTable, type TestTable } from '../support/table.ts';

/** An hour that ended half an hour ago or more. */
const HOUR_MS = 3_600_000;
const HOUR_END = Math.floor((Date.now() - HOUR_MS / 2) / HOUR_MS) * HOUR_MS;
/** From the end of the hour. */
const minute = (minutes: number) => new Date(HOUR_END + minutes * 60_000).toISOString();

/**
 * So many shards that each reads only the statuses of its own providers, except one in each hour; in the next hour this
 * is not the first shard.
 */
const SHARDS = [5, 6, 7, 8, 9].find((count) => (HOUR_END / HOUR_MS) % count !== 0) ?? 11;
/**
 * The first shard, which works like the only shard of a monitor, and the one that removes statuses without a provider.
 */
const FIRST = 0;
const OTHER = (HOUR_END / HOUR_MS) % SHARDS;

/** A provider's id that belongs to a shard. */
function idIn(shard: number, name: string): string {
  for (let index = 0; ; index += 1) if (shardOf(`${name}-${index}`, SHARDS) === shard) return `${name}-${index}`;
}
const KEYED = { type: 'openai-compatible', model: 'm', baseUrl: 'https://llm.example.com/v1' } as const;
const BEDROCK = { type: 'bedrock', baseUrl: 'https://bedrock-runtime.eu-central-1.amazonaws.com' } as const;

const PARAMETER = idIn(OTHER, 'parameter');
/** One provider for each kind of right, in a shard that is not the first. */
const PROVIDERS = [
  { ...KEYED, id: PARAMETER, apiKey: 'ssm:/provider-health/parameter' },
  { ...KEYED, id: idIn(OTHER, 'secret'), apiKey: 'secret:llm#key' },
  { ...BEDROCK, id: idIn(OTHER, 'model'), model: 'amazon.nova-micro-v1:0' },
  { ...BEDROCK, id: idIn(OTHER, 'profile'), model: 'eu.amazon.nova-lite-v1:0' },
  { ...BEDROCK, id: idIn(OTHER, 'stream'), model: 'amazon.nova-pro-v1:0', probe: 'stream' as const },
  { ...BEDROCK, id: idIn(OTHER, 'list'), model: 'amazon.nova-micro-v1:0', probe: 'models' as const },
  { ...KEYED, id: idIn(FIRST, 'shared'), apiKey: 'ssm:/provider-health/shared' },
];
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:alerts`;
const CHANNELS = [
  { type: 'webhook', url: 'https://hooks.example.com', secret: 'ssm:/alerts/signature' },
  { type: 'sns', topicArn: TOPIC },
  { type: 'eventbridge', eventBus: 'alerts' },
] as const;

/**
 * Rights that Lambda itself uses with a function's role, not the function's code: its log, its event sources and dead
 * letters.
 */
const BY_LAMBDA =
  /^(logs:(CreateLogStream|PutLogEvents)|sqs:\w+|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams))$/;

let table: TestTable;
let aws: EmulatedAws;
let server: Server;
let bundles: Bundles;
let webhookTakes = true;
let functions: Record<string, BundledFunction>;
const running = new Map<string, RunningFunction>();

const localUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  const completion = { object: 'chat.completion', choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }] };
  server = createServer((request, response) => {
    if (request.url === '/alerts' && !webhookTakes) response.writeHead(503, { 'retry-after': '60' });
    else response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(completion));
  }).listen(0, '127.0.0.1');
  table = await startTable();
  aws = await startAws(table);
  const config = { providers: PROVIDERS, heartbeatUrl: 'ssm:/heartbeat', alerts: { channels: [...CHANNELS] } };
  bundles = bundleFunctions({
    config,
    shards: SHARDS,
    passwords: [
      { name: 'reader', secret: 'ssm:/door/reader' },
      { name: 'operator', secret: 'ssm:/door/operator', role: 'operator' },
    ],
  });
  functions = {
    ...Object.fromEntries([FIRST, OTHER].map((shard) => [`check-${shard}`, bundles.checks[shard] ?? bundles.check])),
    api: bundles.api,
    manage: bundles.manage,
    alerts: bundles.alerts,
  };
  for (const [name, { logicalId }] of Object.entries(functions)) aws.allow(name, bundles.resources, logicalId);
  for (const [name, text] of Object.entries({
    '/provider-health/parameter': 'key-0123456789',
    '/provider-health/shared': 'key-0123456789',
    'secret:llm': '{"key":"key-0123456789"}',
    '/heartbeat': `${localUrl()}/heartbeat`,
    '/alerts/signature': 'signature-0123456789',
    '/door/reader': 'reader-0123456789',
    '/door/operator': 'operator-0123456789',
  })) {
    aws.texts.set(name, text);
  }
});

afterAll(async () => {
  await Promise.all([...running.values()].map((one) => one.stop()));
  bundles?.remove();
  await Promise.all([aws?.close(), table?.close()]);
  server?.close();
});

/** The servers that it calls are on this machine, which no stack would allow. */
async function start(name: string): Promise<RunningFunction> {
  const known = running.get(name);
  if (known) return known;
  const bundled = functions[name];
  if (!bundled) throw new Error(`${name}: expected a function of this name`);
  const config = {
    witnesses: [],
    heartbeatUrl: 'ssm:/heartbeat',
    providers: PROVIDERS.map((one) => ({ ...one, baseUrl: one.type === 'bedrock' ? aws.url : localUrl() })),
    alerts: { channels: [{ ...CHANNELS[0], url: `${localUrl()}/alerts` }, ...CHANNELS.slice(1)] },
  };
  const local = redeploy(bundled, { config, addressPolicy: 'private' });
  const started = await startFunction(local, table.tableName, { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: name });
  running.set(name, started);
  return started;
}

const operator = { authorization: `Basic ${Buffer.from('me:operator-0123456789').toString('base64')}` };

async function asked(name: string, method: string, target: string, body?: unknown): Promise<number> {
  const answer = (await (await start(name)).invoke(httpEvent(method, target, body, operator))) as {
    statusCode: number;
  };
  return answer.statusCode;
}

async function tick(shard: number, minutes: number) {
  const event = { ...scheduledEvent(minute(minutes)), shard, shards: SHARDS };
  return (await (await start(`check-${shard}`)).invoke(event)) as { stored: string[] };
}

/** Everything that the functions do: ticks of each shard over an hour's end, reports, reads, changes, alerts and their test. */
async function live(): Promise<void> {
  const store = createDynamoStore({ tableName: table.tableName, client: table.client });
  // With a silent shard, the first does not call heartbeatUrl.
  const counts = { due: 0, stored: 0, failed: 0, skipped: 0, monitorFault: false };
  const heartbeat = { tick: minute(-1), finishedAt: new Date().toISOString(), ...counts };
  for (const name of shardNames(SHARDS)) await store.ticks.finish(name, heartbeat);
  for (const shard of [FIRST, OTHER]) await tick(shard, -1);
  // Its provider no longer exists, and no tick of these processes wrote it.
  const gone = idIn(OTHER, 'gone');
  expect(await store.statuses.put(statusAfter([], provider({ id: gone })), null, null)).toBe('stored');
  await store.statuses.touch();
  for (const shard of [FIRST, OTHER]) await tick(shard, 1);
  expect(await store.statuses.get(gone)).toBeNull();
  await readPages();
  await changeThings();
  await (await start('check-0')).invoke(streamEvent(tableRecord({ ...reportItem(idIn(FIRST, 'shared'), new Date()) })));
  await sendAlerts();
}

async function readPages(): Promise<void> {
  const pages = ['/', '/v1/summary', `/v1/providers/${PARAMETER}`, `/v1/providers/${PARAMETER}/checks`, '/metrics'];
  for (const target of pages) expect(await asked('api', 'GET', target), target).toBe(200);
  expect(await asked('api', 'GET', '/healthz')).toBe(200);
}

async function changeThings(): Promise<void> {
  expect(await asked('manage', 'POST', '/v1/check')).toBe(200);
  const added = { ...KEYED, baseUrl: localUrl(), apiKey: 'ssm:/provider-health/shared' };
  expect(await asked('manage', 'PUT', '/v1/providers/added', added)).toBe(201);
  const until = new Date(Date.now() + 600_000).toISOString();
  expect(await asked('manage', 'PUT', '/v1/providers/added/drain', { until })).toBeLessThan(300);
  expect(await asked('manage', 'DELETE', '/v1/providers/added')).toBe(204);
  expect(await asked('manage', 'POST', '/v1/alerts/test')).toBe(200);
}

/** First the webhook fails. The record comes twice more, as a repeated delivery does. */
async function sendAlerts(): Promise<void> {
  const down = provider({ id: PARAMETER });
  // From this minute: alerts that are an hour old are given up.
  const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
  const good = goodCheck({ timestamp: secondsAgo(60) });
  const failed = [30, 0].map((seconds) => failedCheck('server_error', { timestamp: secondsAgo(seconds) }));
  const before = statusItem(statusAfter([good], down), null, 'w0');
  const after = statusItem(statusAfter([good, ...failed], down), 'alert_due', 'w1');
  const event = streamEvent(tableRecord(after, before));
  const alerts = await start('alerts');
  webhookTakes = false;
  expect(await alerts.invoke(event)).toEqual({ batchItemFailures: [] });
  webhookTakes = true;
  for (let times = 0; times < 2; times += 1) expect(await alerts.invoke(event)).toEqual({ batchItemFailures: [] });
}

describe('a role that may not read one key', () => {
  test('costs that provider only, and the check says what to allow', async () => {
    const name = `check-${OTHER}`;
    const allowances = aws.allowances.get(name) ?? [];
    const without = allowances.map((one) => ({
      ...one,
      resources: one.resources.filter((resource) => !resource.endsWith('/provider-health/parameter')),
    }));
    aws.allowances.set(name, without);
    const report = await tick(OTHER, -3);
    const mine = PROVIDERS.filter(({ id }) => shardOf(id, SHARDS) === OTHER).map(({ id }) => id);
    expect([...report.stored].sort()).toEqual([...mine].sort());
    const store = createDynamoStore({ tableName: table.tableName, client: table.client });
    const { statuses } = await store.statuses.some(mine);
    const failing = statuses.filter(({ lastCheck }) => lastCheck?.fault === 'ours');
    expect(failing.map(({ provider: id, lastCheck }) => [id, lastCheck?.category])).toEqual([[PARAMETER, 'config']]);
    expect(failing[0]?.lastCheck?.errorMessage).toContain(
      'ssm:/provider-health/parameter: reading it is denied. Allow ssm:GetParameter on it',
    );
    aws.allowances.set(name, allowances);
    // It remembers the refusal for some seconds.
    await running.get(name)?.stop();
    running.delete(name);
    aws.calls.splice(0, aws.calls.length, ...aws.calls.filter(({ allowed }) => allowed));
  });
});

describe('K6: over a life of the monitor', () => {
  beforeAll(live);

  test('no call is denied', () => {
    expect(aws.calls.length).toBeGreaterThan(100);
    const denied = aws.calls
      .filter(({ allowed }) => !allowed)
      .map(({ caller, action, resource }) => `${caller}: ${action} ${resource}`);
    expect([...new Set(denied)]).toEqual([]);
  });

  test('every action that a function may take is taken', () => {
    const used = new Set(aws.calls.map(({ caller, action }) => `${groupOf(caller)} ${action}`));
    const allowed = [...aws.allowances].flatMap(([name, allowances]) =>
      allowances.flatMap(({ actions }) => actions.map((action) => `${groupOf(name)} ${action}`)),
    );
    const unused = [...new Set(allowed)].filter((one) => !used.has(one) && !BY_LAMBDA.test(one.split(' ')[1] ?? ''));
    expect(unused).toEqual([]);
  });

  test('every key, topic, bus and model that a function may reach is reached', () => {
    const unused = [...aws.allowances].flatMap(([name, allowances]) =>
      allowances
        .filter(({ actions }) => !actions.some((action) => BY_LAMBDA.test(action)))
        .flatMap((allowance) => unreached(name, allowance)),
    );
    expect([...new Set(unused)]).toEqual([]);
  });
});

/** Shards do the same for different providers. */
function groupOf(name: string): string {
  return name.replace(/-\d+$/, '');
}

function unreached(name: string, { actions, resources, ...rest }: Allowance): string[] {
  const calls = aws.calls.filter(({ caller }) => groupOf(caller) === groupOf(name));
  return resources
    .filter((resource) => !calls.some((call) => covers({ ...rest, actions, resources: [resource] }, call)))
    .map((resource) => `${groupOf(name)}: ${actions.join()} ${resource}`);
}
