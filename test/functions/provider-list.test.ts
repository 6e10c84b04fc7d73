/** The functions as they are deployed with a list of providers in S3, on an AWS that checks their own policies. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Deployment } from '../../lib/config/deployment.ts';
import { type EmulatedAws, startAws } from '../support/aws/aws.ts';
import { type Bundles, bundleFunctions, type RunningFunction, redeploy, startFunction } from '../support/bundle.ts';
import { httpEvent, scheduledEvent } from '../support/bundle-events.ts';
import { startTable, type TestTable } from '../support/table.ts';

const HOUR_AGO = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const minute = (minutes: number) => new Date(HOUR_AGO + minutes * 60_000).toISOString();
const OBJECT = 'my-bucket/health/providers.json';
const COMPLETION = {
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
};

let server: Server;
let table: TestTable;
let aws: EmulatedAws;
let bundles: Bundles;
let check: RunningFunction;
const started: RunningFunction[] = [];

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(COMPLETION));
  }).listen(0, '127.0.0.1');
  table = await startTable();
  aws = await startAws(table);
  bundles = bundleFunctions({
    providers: [{ type: 'openai', apiKey: 'ssm:/health/key' }],
    providerList: `s3://${OBJECT}`,
    keyPrefixes: ['ssm:/health/*'],
  });
  for (const name of ['check', 'api', 'manage'] as const) aws.allow(name, bundles.resources, bundles[name].logicalId);
  for (const name of ['key', 'new-key']) aws.texts.set(`/health/${name}`, 'key-0123456789');
  check = await start('check');
});

afterAll(async () => {
  await Promise.all(started.map((running) => running.stop()));
  bundles?.remove();
  await Promise.all([aws?.close(), table?.close()]);
  server?.close();
});

const provider = (id: string, fields: object = {}) => ({
  id,
  type: 'openai-compatible',
  model: 'm',
  baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  apiKey: 'ssm:/health/key',
  ...fields,
});

/** A cold start. */
async function start(name: 'check' | 'api' | 'manage', changes: Partial<Deployment> = {}): Promise<RunningFunction> {
  const config = { witnesses: [], providers: [provider('deployed')] };
  const local = redeploy(bundles[name], { config, addressPolicy: 'private', ...changes });
  const running = await startFunction(local, table.tableName, { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: name });
  started.push(running);
  return running;
}

async function stop(running: RunningFunction): Promise<Record<string, unknown>[]> {
  started.splice(started.indexOf(running), 1);
  return (await running.stop()).map((line) => JSON.parse(line));
}

const put = (...providers: object[]) => aws.objects.set(OBJECT, JSON.stringify({ providers }));

async function storedAt(minutes: number): Promise<string[]> {
  return ((await check.invoke(scheduledEvent(minute(minutes)))) as { stored: string[] }).stored.sort();
}

async function pageOf(name: 'api' | 'manage', method: string, target: string, body?: unknown) {
  const answer = (await (await start(name)).invoke(httpEvent(method, target, body))) as {
    statusCode: number;
    body: string;
  };
  return { status: answer.statusCode, json: JSON.parse(answer.body || 'null') };
}

test('a list that is not there leaves the providers of the deployment, one that comes is used by all functions', async () => {
  expect(await storedAt(0)).toEqual(['deployed']);
  put(provider('first'), provider('second', { apiKey: 'ssm:/health/new-key' }));
  expect(await storedAt(1)).toEqual(['first', 'second']);
  const { json } = await pageOf('api', 'GET', '/v1/summary');
  // A provider that is no longer in the list is removed with its status.
  expect(Object.keys(json.providers).sort()).toEqual(['first', 'second']);
  expect((await pageOf('manage', 'POST', '/v1/providers/deployed/check')).status).toBe(404);
  expect(await pageOf('manage', 'PUT', '/v1/providers/first', provider('first'))).toMatchObject({ status: 409 });
});

test('a wrong list changes nothing, not for a cold start either, and is reported in the log and in a metric', async () => {
  put(provider('third', { apiKey: 'ssm:/other/key' }));
  expect(await storedAt(2)).toEqual(['first', 'second']);
  const lines = await stop(check);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      message: 'provider list refused',
      issues: [
        {
          path: 'providers[0].apiKey',
          message: expect.stringContaining('expected a key that this deployment may read, got ssm:/other/key'),
        },
      ],
    }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ service: table.tableName, RefusedProviderLists: 1 }));
  check = await start('check');
  expect(await storedAt(3)).toEqual(['first', 'second']);
  expect(Object.keys((await pageOf('api', 'GET', '/v1/summary')).json.providers).sort()).toEqual(['first', 'second']);
});

test('a corrected list is used, and leaves no socket and no timer', async () => {
  put(provider('third'));
  expect(await storedAt(4)).toEqual(['third']);
  const lines = await stop(check);
  expect(lines).toContainEqual(expect.objectContaining({ message: 'provider list accepted', providers: 1 }));
});

test('a deployment that may not read the keys of the accepted list removes no status of its providers, and says so', async () => {
  put(provider('third'), provider('fourth', { apiKey: 'ssm:/health/new-key' }));
  check = await start('check');
  expect(await storedAt(5)).toEqual(['fourth', 'third']);
  await stop(check);
  check = await start('check', { providerList: { source: `s3://${OBJECT}`, keyPrefixes: [] } });
  expect(await storedAt(6)).toEqual(['deployed']);
  expect(await storedAt(7)).toEqual(['deployed']);
  const kept = (await pageOf('api', 'GET', '/v1/providers/fourth')).json;
  expect(kept).toMatchObject({ lastCheck: { timestamp: minute(5) }, stale: true });
  const lines = await stop(check);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      message: 'accepted provider list not used',
      error: expect.stringContaining('ssm:/health/new-key'),
    }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'WARN', message: 'statuses kept', providers: ['fourth', 'third'] }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ RefusedProviderLists: 1 }));
  // When the rights are restored, the statuses continue from where they were, and those of no list are removed.
  check = await start('check');
  expect(await storedAt(8)).toEqual(['fourth', 'third']);
  const { json } = await pageOf('api', 'GET', '/v1/providers');
  expect(json.providers.map(({ provider: id }: { provider: string }) => id)).toEqual(['fourth', 'third']);
  await stop(check);
});

test('K6: one function reads the list, and nothing else of the bucket; no call is denied', () => {
  const reads = aws.calls.filter(({ action }) => action === 's3:GetObject');
  expect(new Set(reads.map(({ caller, resource }) => `${caller} ${resource}`))).toEqual(
    new Set([`check arn:aws:s3:::${OBJECT}`]),
  );
  expect(aws.calls.filter(({ allowed }) => !allowed)).toEqual([]);
});
