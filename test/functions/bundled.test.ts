/** The functions as they are deployed, with events as AWS sends them, against the embedded table and a real server. */

import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Deployment } from '../../lib/config/deployment.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { reportItem } from '../../lib/store/items/report-item.ts';
import { failedCheck } from '../support/builders.ts';
import {
  type BundledFunction,
  type Bundles,
  bundleFunctions,
  type RunningFunction,
  redeploy,
  startFunction,
} from '../support/bundle.ts';
import { delayedEvent, httpEvent, scheduledEvent } from '../support/bundle-events.ts';
import { startProxy } from '../support/servers/proxy.ts';
import { streamEvent, tableRecord } from '../support/stream-records.ts';
import { startTable, type TestTable } from '../support/table.ts';

const COMPLETION = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_767_225_600,
  model: 'test-model',
  choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 8, completion_tokens: 1, total_tokens: 9 },
};

const HOUR_AGO = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;

/**
 * Ticks are a minute apart, so that every provider is due on each. Old items expire in the table, so they are of the
 * last hour.
 */
const MINUTE = (minutes: number) => new Date(HOUR_AGO + minutes * 60_000).toISOString();

interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

let server: Server;
let table: TestTable;
let bundles: Bundles;
let check: RunningFunction;
let api: RunningFunction;
let manage: RunningFunction;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.startsWith('/html')) response.setHeader('content-type', 'text/html').end('<h1>It works</h1>');
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(COMPLETION));
  }).listen(0, '127.0.0.1');
  table = await startTable();
  bundles = bundleFunctions({ tickSeconds: 30, allowPrivateNetwork: true, providers: [] });
  [check, api, manage] = await Promise.all([start('check'), start('api'), start('manage')]);
});

afterAll(async () => {
  await Promise.all([check, api, manage].map((running) => running?.stop()));
  bundles?.remove();
  await table?.close();
  server?.close();
});

const urlOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

/** The probed servers are on this machine, which no stack would allow. */
const start = (
  name: 'check' | 'api' | 'manage',
  changes: Partial<Deployment> = {},
  env: Record<string, string> = {},
) => {
  const config = {
    defaults: { intervalSeconds: 30 },
    witnesses: [],
    page: { title: 'Models' },
    providers: [
      { id: 'good', type: 'openai-compatible', model: 'test-model', baseUrl: urlOf('/good/v1') },
      { id: 'page', type: 'openai-compatible', model: 'test-model', baseUrl: urlOf('/html/v1') },
    ],
  };
  const local = redeploy(bundles[name], { config, addressPolicy: 'private', ...changes });
  return startFunction(local, table.tableName, { AWS_ENDPOINT_URL_DYNAMODB: table.endpoint, ...env });
};

const OUTSIDE = { id: 'outside', type: 'openai-compatible', model: 'test-model' };

async function request(running: RunningFunction, method: string, target: string, body?: unknown) {
  const { statusCode, headers, body: text } = (await running.invoke(httpEvent(method, target, body))) as HttpAnswer;
  return { statusCode, headers, json: headers['content-type']?.includes('json') ? JSON.parse(text) : text };
}

describe('a scheduled event', () => {
  test('runs a tick that stores every due provider, and the API reads it back', async () => {
    const report = await check.invoke(scheduledEvent(MINUTE(0)));
    expect(report).toMatchObject({ tick: MINUTE(0), outcome: 'done', due: 2, failed: [], skipped: [] });
    const { statusCode, json } = await request(api, 'GET', '/v1/providers/good/checks?limit=10');
    expect(statusCode).toBe(200);
    expect(JSON.stringify(json)).toContain(MINUTE(0));
    const { json: summary } = await request(api, 'GET', '/v1/summary');
    expect(summary).toMatchObject({ totalProviders: 2, healthyProviders: 1, healthPercentage: 50 });
    expect(summary.providers.page).toMatchObject({ isHealthy: false, state: 'unhealthy' });
  });

  test('T4: delivered twice, changes nothing the second time', async () => {
    const time = MINUTE(1);
    expect(await check.invoke(scheduledEvent(time))).toMatchObject({ outcome: 'done' });
    const before = await request(api, 'GET', '/v1/providers/page');
    expect(await check.invoke(scheduledEvent(time))).toMatchObject({ outcome: 'taken', stored: [] });
    const after = await request(api, 'GET', '/v1/providers/page');
    expect({ ...after.json, ageMs: 0 }).toEqual({ ...before.json, ageMs: 0 });
  });

  test('T5: is taken up again by a retry of the invocation that died at it, and by no other', async () => {
    const store = createDynamoStore({ tableName: table.tableName, client: table.client });
    const claim = { shard: '0', tick: MINUTE(2), owner: 'the-one-that-died', now: new Date(), leaseMs: 60_000 };
    expect(await store.ticks.claim(claim)).toBe('claimed');
    expect(await check.invoke(scheduledEvent(MINUTE(2)), 'another')).toMatchObject({ outcome: 'taken' });
    expect(await check.invoke(scheduledEvent(MINUTE(2)), 'the-one-that-died')).toMatchObject({
      outcome: 'done',
      due: 2,
    });
  });

  test('and the message of a delay queue are ticks of one schedule', async () => {
    expect(await check.invoke(scheduledEvent(MINUTE(3)))).toMatchObject({ outcome: 'done', due: 2 });
    const later = new Date(Date.parse(MINUTE(3)) + 30_000).toISOString();
    expect(await check.invoke(delayedEvent(MINUTE(3), 30))).toMatchObject({ tick: later, outcome: 'done', due: 2 });
  });

  test('T12: ahead of the clock is refused: in the answer, the log and a metric', async () => {
    const another = await start('check');
    const time = '2099-01-01T00:00:00Z';
    expect(await another.invoke(scheduledEvent(time))).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('tick 2099-01-01T00:00:00.000Z: expected at most 60 s after this machine'),
      stored: [],
    });
    const lines = (await another.stop()).map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: 'WARN', message: 'tick refused', reason: expect.stringContaining('2099') }),
        expect.objectContaining({ service: table.tableName, RefusedTicks: 1 }),
      ]),
    );
    expect(await check.invoke(scheduledEvent(MINUTE(4)))).toMatchObject({ outcome: 'done', due: 2 });
  });

  test('that carries no time fails, and says what to send', async () => {
    await expect(check.invoke({})).rejects.toThrow('event.time: expected the time of a scheduled event');
  });

  test('K5, T3, P8: leaves one JSON object a line, the report and the metrics, and no socket and no timer', async () => {
    const another = await start('check');
    await another.invoke(scheduledEvent(MINUTE(5)));
    const lines = (await another.stop()).map((line) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({ message: 'tick', tick: MINUTE(5), due: 2, stored: 2, failed: [], skipped: [] }),
      expect.objectContaining({
        service: table.tableName,
        DueProviders: 2,
        StoredResults: 2,
        FailedResults: 0,
        SkippedResults: 0,
        UnreachedProviders: 0,
        UnhealthyResults: 1,
        UncertainShare: expect.any(Number),
        TickDuration: expect.any(Number),
        MonitorFaults: 0,
      }),
    ]);
    expect(lines[1]._aws.CloudWatchMetrics).toEqual([
      expect.objectContaining({ Namespace: 'ProviderHealth', Dimensions: [['service']] }),
    ]);
  });

  test('T3, T6: names what it could not check in its report, its log and its metrics', async () => {
    const { registrations } = createDynamoStore({ tableName: table.tableName, client: table.client });
    await registrations.put({ provider: 'odd', input: { type: 'no-such-type' }, registeredAt: MINUTE(0) });
    const another = await start('check');
    const report = await another.invoke(scheduledEvent(MINUTE(6)));
    await registrations.delete('odd');
    const failed = [{ provider: 'odd', reason: expect.stringContaining('type') }];
    expect(report).toMatchObject({ due: 3, stored: expect.arrayContaining(['good', 'page']), failed });
    const [metrics, line] = (await another.stop()).map((text) => JSON.parse(text));
    expect(line).toMatchObject({ message: 'tick', level: 'WARN', failed });
    expect(metrics).toMatchObject({ DueProviders: 3, FailedResults: 1, failedProviders: 'odd' });
  });

  test('leaves metrics of each provider where they are asked for', async () => {
    const another = await start('check', { metricsPerProvider: true });
    await another.invoke(scheduledEvent(MINUTE(7)));
    const lines = (await another.stop()).map((line) => JSON.parse(line)).filter(({ provider }) => provider);
    const dimensions = { CloudWatchMetrics: [expect.objectContaining({ Dimensions: [['service', 'provider']] })] };
    expect(lines.sort((a, b) => a.provider.localeCompare(b.provider))).toEqual([
      expect.objectContaining({
        _aws: expect.objectContaining(dimensions),
        provider: 'good',
        Healthy: 1,
        ResponseTime: expect.any(Number),
      }),
      expect.objectContaining({ _aws: expect.objectContaining(dimensions), provider: 'page', Healthy: 0 }),
    ]);
    // The time of a failure is not a response time.
    expect(lines[1]).not.toHaveProperty('ResponseTime');
  });
});

describe('the API', () => {
  test('serves the status page, and every file that it loads', async () => {
    const { statusCode, headers, json: page } = await request(api, 'GET', '/');
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toContain('text/html');
    expect(page).toContain('good');
    expect(page).toContain('· Models</title>');
    for (const [, path] of page.matchAll(/<(?:script|link|img)[^>]* (?:src|href)="([^":]+)"/g)) {
      const { pathname, search } = new URL(path, 'https://api.example.com/');
      expect(await request(api, 'GET', pathname + search), path).toMatchObject({ statusCode: 200 });
    }
  });

  test('K6: has no route that changes something in the function that answers everybody', async () => {
    for (const [method, target] of [
      ['POST', '/v1/check'],
      ['POST', '/v1/providers/good/check'],
      ['PUT', '/v1/providers/other'],
      ['DELETE', '/v1/providers/good'],
    ] as const) {
      const { statusCode, headers } = await request(api, method, target);
      expect([404, 405]).toContain(statusCode);
      expect(headers['content-type']).toContain('application/problem+json');
    }
  });

  test('checks by hand through the function of the writes', async () => {
    const { statusCode, json } = await request(manage, 'POST', '/v1/providers/good/check');
    expect(statusCode).toBe(200);
    expect(json).toMatchObject({ provider: 'good', isHealthy: true, trigger: 'manual' });
    const again = await request(manage, 'POST', '/v1/providers/good/check');
    expect(again.statusCode).toBe(429);
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('registers a provider, which the next tick probes, and removes it', async () => {
    const input = { type: 'openai-compatible', model: 'test-model', baseUrl: urlOf('/added/v1'), intervalSeconds: 30 };
    const registered = await request(manage, 'PUT', '/v1/providers/added', input);
    expect([200, 201]).toContain(registered.statusCode);
    const report = await check.invoke(scheduledEvent(new Date().toISOString()));
    expect(report).toMatchObject({ stored: expect.arrayContaining(['added']), failed: [] });
    const { json } = await request(api, 'GET', '/v1/providers/added');
    expect(json).toMatchObject({ provider: 'added', isHealthy: true });
    expect((await request(manage, 'DELETE', '/v1/providers/added')).statusCode).toBe(204);
    expect((await request(api, 'GET', '/v1/providers/added')).statusCode).toBe(404);
  });
});

describe('A5: an export of a week, one check a minute, each failed with a long text', () => {
  /** The table keeps checks a week: less three hours, none expires while the tests run. */
  const COUNT = 7 * 1440 - 180;
  const CHECKS = '/v1/providers/good/checks';
  /** Lambda's limit on what a function returns. */
  const MOST_BYTES = 6 * 1024 * 1024;
  let last: number;

  beforeAll(async () => {
    // Before every tick of the other tests.
    last = HOUR_AGO - 60_000;
    const checks = Array.from({ length: COUNT }, (_, index) =>
      failedCheck('server_error', {
        provider: 'good',
        timestamp: new Date(last - index * 60_000).toISOString(),
        errorMessage: `"upstream" said: ${createHash('sha512').update(String(index)).digest('hex').repeat(3)}`.slice(
          0,
          300,
        ),
      }),
    );
    const store = createDynamoStore({ tableName: table.tableName, client: table.client });
    expect((await store.checks.put(checks)).unstored).toEqual([]);
  });

  const range = () => `to=${new Date(last).toISOString()}`;

  async function answerOf(target: string, headers: Record<string, string> = {}) {
    const answer = (await api.invoke(httpEvent('GET', target, undefined, headers))) as HttpAnswer & {
      isBase64Encoded: boolean;
    };
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(MOST_BYTES);
    const bytes = Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8');
    const text = (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    return { ...answer, text };
  }

  test.each(['ndjson', 'csv'])('as %s passes whole, compressed', async (format) => {
    const { statusCode, headers, text } = await answerOf(`${CHECKS}?format=${format}&${range()}`, {
      'accept-encoding': 'gzip, deflate, br',
    });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: expect.stringContaining('Accept-Encoding') });
    expect(text.trimEnd().split('\n')).toHaveLength(COUNT + (format === 'csv' ? 1 : 0));
  });

  test('is a problem that says how, to a caller that takes it uncompressed only', async () => {
    const { statusCode, headers, text } = await answerOf(`${CHECKS}?format=ndjson&${range()}`);
    expect(statusCode).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({
      code: 'answer_too_large',
      detail: expect.stringContaining('Accept-Encoding: gzip'),
    });
  });

  test('passes uncompressed page by page, each naming the next', async () => {
    const lines: string[] = [];
    for (let next: string | undefined = `?format=ndjson&limit=1000&${range()}`; next !== undefined; ) {
      const { statusCode, headers, text }: Awaited<ReturnType<typeof answerOf>> = await answerOf(`${CHECKS}${next}`);
      expect(statusCode).toBe(200);
      lines.push(...text.trimEnd().split('\n'));
      next = /^<(.+)>; rel="next"$/.exec(headers.link ?? '')?.[1];
    }
    const times = lines.map((line) => (JSON.parse(line) as HealthCheck).timestamp);
    expect(times).toHaveLength(COUNT);
    expect(times).toEqual([...new Set(times)].sort().reverse());
  });
});

test('A1: a GET that brings a body is answered as one without', async () => {
  const event = { ...httpEvent('GET', '/v1/summary'), body: '{"a":1}' };
  expect(await api.invoke(event)).toMatchObject({ statusCode: 200 });
});

describe('K4: what a deployed function may reach', () => {
  const OPEN = { ALLOW_PRIVATE_NETWORK: 'true', ADDRESS_POLICY: 'private' };

  /** Its answer to the registration of a provider at each address. */
  async function answersOf(bundled: BundledFunction, baseUrls: readonly string[]): Promise<number[]> {
    const running = await startFunction(bundled, table.tableName, {
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
      ...OPEN,
    });
    try {
      const answers: number[] = [];
      for (const baseUrl of baseUrls) {
        const inside = { type: 'openai-compatible', model: 'test-model', baseUrl };
        const { statusCode, json } = await request(running, 'PUT', '/v1/providers/inside', inside);
        if (statusCode >= 400) expect(JSON.stringify(json)).toContain('baseUrl');
        answers.push(statusCode);
      }
      await request(running, 'DELETE', '/v1/providers/inside');
      return answers;
    } finally {
      await running.stop();
    }
  }

  const PRIVATE = ['http://10.0.0.7:8000/v1', 'https://192.168.1.1/v1'];
  /** Lambda's runtime API, which gives events to every caller, is one of them. */
  const OWN = ['http://127.0.0.1:9001/v1', 'http://localhost:9001/v1', 'http://169.254.1.1/v1', 'http://[fe80::1]/v1'];

  test('is no private network unless the stack opens them, with any environment', async () => {
    const strict = bundleFunctions({ providers: [] });
    try {
      expect(await answersOf(strict.manage, [...PRIVATE, ...OWN])).toEqual([400, 400, 400, 400, 400, 400]);
    } finally {
      strict.remove();
    }
  });

  test('is private networks where the stack opens them, and never its own machine or link', async () => {
    expect(await answersOf(bundles.manage, [...PRIVATE, ...OWN])).toEqual([201, 200, 400, 400, 400, 400]);
  });
});

test('a function without its table says which variable is missing', async () => {
  const started = startFunction({ ...bundles.api, variables: {} }, '', {});
  await expect(started).rejects.toThrow('PROVIDER_HEALTH_TABLE_NAME: expected the name of the table, got nothing');
});

describe('reports of routers', () => {
  test('have a provider checked that is believed to work, once, and leave one that is down to the schedule', async () => {
    const report = (id: string) => tableRecord({ ...reportItem(id, new Date()) });
    const lastCheckOf = async (id: string) => (await request(api, 'GET', `/v1/providers/${id}`)).json.lastCheck;
    const before = await lastCheckOf('page');
    expect(
      await check.invoke(streamEvent(report('good'), report('page'), report('missing'), report('good'))),
    ).toBeNull();
    expect(await lastCheckOf('good')).toMatchObject({ trigger: 'manual', isHealthy: true });
    expect(await lastCheckOf('page')).toEqual(before);
  });
});

describe('a proxy', () => {
  test('of the deployment is what probes go through, and none that its environment names', async () => {
    const elsewhere = {
      config: { providers: [{ ...OUTSIDE, baseUrl: 'http://vllm.wild.test:8000/v1' }], witnesses: [] },
    };
    const proxy = await startProxy({ leadsTo: (server.address() as AddressInfo).port });
    const proxies = { https: proxy.url, http: proxy.url, except: [] };
    const behind = await start('check', { ...elsewhere, proxies });
    // Newer than the ticks above, but not so far ahead of the clock that it is refused.
    const ahead = (ms: number) => scheduledEvent(new Date(Date.now() + ms).toISOString());
    expect(await behind.invoke(ahead(20_000))).toMatchObject({ outcome: 'done' });
    expect(proxy.asked).toEqual(['vllm.wild.test:8000']);
    await behind.stop();
    const without = await start('check', elsewhere, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
    expect(await without.invoke(ahead(40_000))).toMatchObject({ outcome: 'done' });
    expect(proxy.asked).toHaveLength(1);
    await without.stop();
    await proxy.close();
  });
});
