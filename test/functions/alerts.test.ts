/** The alerts function as it is deployed, with records as the stream has them, against the embedded table and a webhook. */

import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { finishedItem } from '../../lib/store/items/tick-item.ts';
import { startFaultyTable } from '../store/dynamo/faulty-table.ts';
import { failedCheck, goodCheck, provider, statusAfter } from '../support/builders.ts';
import { type Bundles, bundleFunctions, type RunningFunction, redeploy, startFunction } from '../support/bundle.ts';
import { scheduledEvent } from '../support/bundle-events.ts';
import { type ChannelServer, startChannelServer } from '../support/channel-server.ts';
import { streamEvent, type TableRecord, tableRecord } from '../support/stream-records.ts';
import { startTable, type TestTable } from '../support/table.ts';

const SECRET = 'a-secret-of-the-webhook';
const HOUR_AGO = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;

/** Old items expire in the table, so the checks are of the last hour. */
const minute = (minutes: number) => new Date(HOUR_AGO + minutes * 60_000).toISOString();

let table: TestTable;
let bundles: Bundles;
let webhook: ChannelServer;
let alerts: RunningFunction;

beforeAll(async () => {
  [table, webhook] = await Promise.all([startTable(), startChannelServer()]);
  bundles = bundleFunctions({ providers: [] });
  const channels = [{ type: 'webhook', url: `${webhook.url}/alerts`, secret: 'env:ALERT_SECRET' }];
  const local = redeploy(bundles.alerts, {
    config: { providers: [], alerts: { channels } },
    addressPolicy: 'private',
  });
  alerts = await startFunction(local, table.tableName, {
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    ALERT_SECRET: SECRET,
    // As the stack sets it when the monitor has no address of its own.
    PROVIDER_HEALTH_PUBLIC_URL: 'https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
  });
});

afterAll(async () => {
  bundles?.remove();
  await Promise.all([table?.close(), webhook?.close()]);
});

beforeEach(() => {
  webhook.received.length = 0;
});

/** The stream's records of a provider that works and then fails twice: two writes with a notice. @param from Minute. */
function outageOf(id: string, from = 0): TableRecord[] {
  const config = provider({ id });
  const checks = [
    goodCheck({ timestamp: minute(from) }),
    failedCheck('server_error', { timestamp: minute(from + 1) }),
    failedCheck('server_error', { timestamp: minute(from + 2) }),
  ];
  const healthy = statusItem(statusAfter(checks.slice(0, 1), config), null, 'w0');
  const first = statusItem(statusAfter(checks.slice(0, 2), config), 'transition', 'w1');
  const carried = statusAfter(checks.slice(0, 1), config).lastTransition;
  const status = { ...statusAfter(checks, config), ...(carried && { unrecordedTransitions: [carried] }) };
  const second = statusItem(status, 'alert_due', 'w2');
  return [tableRecord(first, healthy), tableRecord(second, first)];
}

const titles = () => webhook.received.map(({ body }) => body.title);

test('an outage is announced once, signed, and its transitions are recorded', async () => {
  expect(await alerts.invoke(streamEvent(...outageOf('alpha')))).toEqual({ batchItemFailures: [] });
  expect(titles()).toEqual(['alpha is down: server_error']);
  expect(webhook.received[0]?.body.url).toMatch(
    /^https:\/\/a1b2c3d4e5\.execute-api\.eu-central-1\.amazonaws\.com\/incidents\/\w+-alpha$/,
  );
  expect(webhook.received[0]?.headers['x-provider-health-signature']).toMatch(/^v1=[0-9a-f]{64}$/);
  const { transitions } = createDynamoStore({ tableName: table.tableName, client: table.client });
  const { items } = await transitions.page('alpha', { from: minute(0), to: minute(60), limit: 10 });
  expect(items).toEqual([
    expect.objectContaining({ from: 'healthy', to: 'unhealthy', at: minute(1) }),
    // Its own record never came, but the status has the transition.
    expect.objectContaining({ from: 'unknown', to: 'healthy', at: minute(0) }),
  ]);
});

test('a batch that is delivered twice is announced once', async () => {
  const event = streamEvent(...outageOf('beta'));
  expect(await alerts.invoke(event)).toEqual({ batchItemFailures: [] });
  expect(await alerts.invoke(event)).toEqual({ batchItemFailures: [] });
  expect(titles()).toEqual(['beta is down: server_error']);
});

test('three outages of one batch are one message', async () => {
  const event = streamEvent(...['delta', 'epsilon', 'zeta'].flatMap((id) => outageOf(id)));
  expect(await alerts.invoke(event)).toEqual({ batchItemFailures: [] });
  expect(titles()).toEqual(['3 providers are down: delta, epsilon and zeta']);
});

test('a record that cannot be understood comes again, and costs no other', async () => {
  const broken = tableRecord({ pk: 'STATUS', sk: 'broken', notice: 'transition', v: 1 });
  const event = streamEvent(broken, ...outageOf('gamma'));
  expect(await alerts.invoke(event)).toEqual({
    batchItemFailures: [{ itemIdentifier: broken.dynamodb.SequenceNumber }],
  });
  expect(titles()).toEqual(['gamma is down: server_error']);
});

test('a channel that fails keeps its alert in the table, and the next invocation sends it', async () => {
  webhook.answerNext({ status: 503, headers: { 'retry-after': '60' } });
  const now = Math.floor((Date.now() - HOUR_AGO) / 60_000);
  // The channel's failure fails no record, since newer records to other channels would wait behind it.
  expect(await alerts.invoke(streamEvent(...outageOf('theta', now - 2)))).toEqual({ batchItemFailures: [] });
  webhook.received.length = 0;
  const [up] = outageOf('iota');
  expect(await alerts.invoke(streamEvent(...(up ? [up] : [])))).toEqual({ batchItemFailures: [] });
  expect(titles()).toEqual(['theta is down: server_error']);
});

test('what the stream gave up is announced again by the check function, recorded and sent', async () => {
  const id = 'kappa';
  const settings = { id, type: 'openai-compatible', model: 'test-model', baseUrl: 'https://alpha.example.com/v1' };
  // Checked once a day, so that no check writes the status meanwhile.
  const intervalSeconds = 86_400;
  const config = provider({ id, intervalSeconds });
  const checks = [goodCheck({ timestamp: minute(-120) }), failedCheck('auth', { timestamp: minute(-60) })];
  const { lastTransition: first } = statusAfter(checks.slice(0, 1), config);
  const down = { ...statusAfter(checks, config), ...(first && { unrecordedTransitions: [first] }) };
  await table.documents.send(
    new PutCommand({ TableName: table.tableName, Item: { ...statusItem(down, 'transition', 'w') } }),
  );
  const proxy = await startFaultyTable(table.endpoint);
  const carried: TableRecord[] = [];
  proxy.failAlways('PutItem', async (call) => {
    const item = unmarshall(call.body.Item as Parameters<typeof unmarshall>[0]);
    const answer = await call.forward();
    if (item.pk === 'STATUS' && item.notice !== undefined && answer.status === 200) carried.push(tableRecord(item));
    call.reply(answer);
  });
  const local = redeploy(bundles.check, { config: { providers: [{ ...settings, intervalSeconds }] } });
  const check = await startFunction(local, table.tableName, { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint });
  const tick = (minutes: number) => check.invoke(scheduledEvent(minute(minutes)));
  await tick(58);
  expect(carried).toHaveLength(1);
  expect(await alerts.invoke(streamEvent(...carried))).toEqual({ batchItemFailures: [] });
  // The providers of the tests above are not checked here, so their problems end.
  const ofKappa = (title: unknown) => String(title).includes('kappa');
  expect(titles().filter(ofKappa)).toEqual(['kappa needs action: auth']);
  const { transitions } = createDynamoStore({ tableName: table.tableName, client: table.client });
  const { items } = await transitions.page(id, { from: minute(-120), to: minute(60), limit: 10 });
  expect(items.map(({ to }) => to)).toEqual(['unhealthy', 'healthy']);
  await tick(59);
  expect(carried).toHaveLength(1);
  await check.stop();
  await proxy.close();
});

test("T8: a fault of the monitor's own network is a message about the monitor", async () => {
  const heartbeat = { tick: minute(4), finishedAt: minute(4), due: 4, stored: 0, failed: 0, skipped: 4 };
  const faulty = { ...heartbeat, monitorFault: true, faultSince: minute(3) };
  const record = tableRecord(finishedItem({}, '0', faulty, 'monitor_fault'), finishedItem({}, '0', faulty, null));
  expect(await alerts.invoke(streamEvent(record))).toEqual({ batchItemFailures: [] });
  expect(titles()).toEqual(["The monitor's own network fails"]);
});

test('what a channel refuses is not handed over again', async () => {
  webhook.answerNext({ status: 404 });
  expect(await alerts.invoke(streamEvent(...outageOf('eta')))).toEqual({ batchItemFailures: [] });
  expect(titles()).toEqual(['eta is down: server_error']);
});

test('K1, K5, P8: it leaves one JSON object a line without a secret, a metric of what was refused, and no socket and no timer', async () => {
  const lines = await alerts.stop();
  const events = lines.map((line) => JSON.parse(line));
  expect(events).toContainEqual(expect.objectContaining({ message: 'message sent', answer: 'HTTP 200: ok' }));
  expect(events).toContainEqual(expect.objectContaining({ service: table.tableName, LostAlerts: 1 }));
  expect(lines.join()).not.toContain(SECRET);
});
