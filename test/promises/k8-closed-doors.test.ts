import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { DeleteTableCommand, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalMonitor, startLocalMonitor } from '../../lib/local/monitor.ts';
import { LOCAL_DEFAULTS } from '../../lib/local/settings.ts';
import { behaviours } from '../../lib/local/simulator/behaviours.ts';
import { seededRandom } from '../../lib/local/simulator/random.ts';
import { chromiumPath, launch } from '../page/chromium.ts';
import { FakeClock } from '../support/clock.ts';
import { type RawRequest, sendRaw } from '../support/raw-request.ts';
import { listeningServers } from '../support/resources.ts';

let monitor: LocalMonitor;
let ports: number[];
const said: string[] = [];
const say = (text: string) => void said.push(text);

beforeAll(async () => {
  const before = new Set(listeningServers());
  monitor = await startLocalMonitor(
    { ...LOCAL_DEFAULTS, port: 0 },
    { lines: { out: say, err: say, colour: false }, clock: new FakeClock(), random: seededRandom(1) },
  );
  const opened = listeningServers().filter((server) => !before.has(server));
  ports = opened.map((server) => (server.address() as AddressInfo).port);
  for (const { id } of monitor.simulator?.providers ?? []) monitor.simulator?.set(id, behaviours.fast(5));
  await once(monitor.checker, 'tick');
});
afterAll(() => monitor.stop());

const apiPort = () => Number(new URL(monitor.url).port);
const tablePort = () => Number(new URL(monitor.dynamodbEndpoint).port);
const simulatorPort = () => Number(new URL(monitor.simulator?.providers[0]?.baseUrl ?? '').port);

/** A request of DynamoDB's protocol, signed with an invented key. */
function operation(name: string, body: unknown, headers: Record<string, string> = {}): RawRequest {
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${name}`,
      'x-amz-date': '20260301T100000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}

const READ_STATUSES = {
  TableName: 'provider-health',
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'STATUS' } },
};
const WRITE_PROVIDER = {
  TableName: 'provider-health',
  Item: { pk: { S: 'PROVIDER' }, sk: { S: 'stolen' }, baseUrl: { S: 'https://evil.example' } },
};

/** The headers that a browser sends with requests of another site's page. */
const STRANGE_PAGES: [string, Record<string, string>][] = [
  ['a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['a page of another port of this machine', { origin: 'http://127.0.0.1:5173', 'sec-fetch-site': 'same-site' }],
  ['a page of localhost', { origin: 'http://localhost:4000', 'sec-fetch-site': 'cross-site' }],
  ['a sandboxed page or a file', { origin: 'null' }],
  [
    'an image of another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  ],
  [
    'a frame in another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ],
  ['a name that was rebound to this machine', { host: 'evil.example', origin: 'http://evil.example' }],
  ['a rebound name that sends no origin', { host: 'evil.example:3000' }],
];

describe('K8: what the local monitor opens', () => {
  it('is the API, the table and the simulated providers, each on 127.0.0.1', () => {
    expect(ports.toSorted()).toEqual([apiPort(), tablePort(), simulatorPort()].toSorted());
  });

  describe.each(STRANGE_PAGES)('%s', (_page, headers) => {
    it.each([
      ['reads', { path: '/v1/summary' }],
      ['asks with a preflight', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }],
      ['starts a check', { method: 'POST', path: '/v1/check' }],
      ['registers a provider', { method: 'PUT', path: '/v1/providers/stolen', body: '{}' }],
      ['deletes one', { method: 'DELETE', path: '/v1/providers/openai' }],
      ['reads the table', operation('Query', READ_STATUSES)],
      ['writes to the table', operation('PutItem', WRITE_PROVIDER)],
    ] as [string, RawRequest][])('is refused by every port when it %s', async (_what, sent) => {
      for (const port of ports) {
        const got = await sendRaw(port, {
          ...sent,
          headers: { connection: 'keep-alive', ...sent.headers, ...headers },
        });
        expect(`${port} ${got.status}`).toBe(`${port} 403`);
        expect(Object.keys(got.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
        expect(got.body).not.toContain('openai');
        // Nothing more that is sent on this connection is read.
        expect(got.headers.connection).toBe('close');
      }
    });
  });
});

describe('K8: the table of the local monitor', () => {
  it.each([
    ['reads', 'Query', READ_STATUSES],
    ['writes', 'PutItem', WRITE_PROVIDER],
    ['drops the table', 'DeleteTable', { TableName: 'provider-health' }],
  ])('gives nothing to a program without the secret that %s', async (_what, name, body) => {
    const got = await sendRaw(tablePort(), operation(name, body));
    expect(got.status).toBeGreaterThanOrEqual(400);
    expect(got.body).not.toContain('openai');
    expect((await fetch(`${monitor.url}/v1/providers/openai`)).status).toBe(200);
  });
});

describe('K8: the key of the table', () => {
  const path = () => monitor.credentialsFile ?? '';

  function programWithKey(): DynamoDBClient {
    const [, accessKeyId = '', secretAccessKey = ''] =
      /^\[default\]\naws_access_key_id = (\S+)\naws_secret_access_key = (\S+)\n$/.exec(readFileSync(path(), 'utf8')) ??
      [];
    const credentials = { accessKeyId, secretAccessKey };
    return new DynamoDBClient({ endpoint: monitor.dynamodbEndpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  }

  it.skipIf(process.platform === 'win32')('is where no other user of the machine can read it', () => {
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path())).mode & 0o777).toBe(0o700);
  });

  it('is in nothing that the process prints or answers', async () => {
    const [, secret = ''] = /secret_access_key = (\S+)/.exec(readFileSync(path(), 'utf8')) ?? [];
    expect(secret.length).toBeGreaterThanOrEqual(43);
    expect(said.join('\n')).toContain(path());
    expect(said.join('\n')).not.toContain(secret);
  });

  it('lets a program read and write items, and never drop the table', async () => {
    const client = programWithKey();
    expect((await client.send(new QueryCommand(READ_STATUSES))).Count).toBeGreaterThan(10);
    const Item = { pk: { S: 'X' }, sk: { S: 'x' } };
    await client.send(new PutItemCommand({ TableName: 'provider-health', Item }));
    await expect(client.send(new DeleteTableCommand({ TableName: 'provider-health' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    client.destroy();
  });

  it('is removed with the process', async () => {
    const settings = { ...LOCAL_DEFAULTS, port: 0 };
    const lines = { out() {}, err() {}, colour: false };
    const other = await startLocalMonitor({ ...settings, tableName: 'other' }, { lines, clock: new FakeClock() });
    const file = other.credentialsFile ?? '';
    expect(readFileSync(file, 'utf8')).not.toBe(readFileSync(path(), 'utf8'));
    await other.stop();
    expect(existsSync(dirname(file))).toBe(false);
  });
});

describe('K8: the API of the local monitor', () => {
  const own = () => ({ origin: monitor.url, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' });

  it.each([
    ['its own page', own],
    ['a program', () => ({})],
  ])('lets %s read and start checks', async (_who, headers) => {
    expect((await sendRaw(apiPort(), { path: '/v1/summary', headers: headers() })).status).toBe(200);
    const path = `/v1/providers/${_who === 'a program' ? 'claude' : 'gemini'}/check`;
    expect((await sendRaw(apiPort(), { method: 'POST', path, headers: headers() })).status).toBe(200);
  });

  it('opens for a link from another site, which cannot read what it opened', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await sendRaw(apiPort(), { headers: link })).status).toBe(200);
    expect((await sendRaw(apiPort(), { method: 'POST', path: '/v1/check', headers: link })).status).toBe(403);
  });
});

const executable = chromiumPath();

describe.skipIf(executable === null)('K8: a real page of another site', () => {
  /** A host name that resolves to this machine in this browser. */
  const REBOUND = 'rebound.example';
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch(executable ?? '', [`--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`]);
  });
  afterAll(() => browser?.close());

  it.each(['127.0.0.1', 'localhost', REBOUND])(
    'at %s and another port reads nothing and changes nothing',
    async (host) => {
      const stranger = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>stranger</title>');
      });
      stranger.listen(0, '127.0.0.1');
      await once(stranger, 'listening');
      // A context of its own, so that the cache has no answers for another host.
      const context = await browser.newContext();
      try {
        const before = requestsOfSimulator();
        const page = await context.newPage();
        await page.goto(`http://${host}:${(stranger.address() as AddressInfo).port}/`);
        const targets = ports.map((port) => `http://${host}:${port}`);
        const read = await page.evaluate(attack, targets);
        expect(read.length).toBeGreaterThanOrEqual(ports.length * 6);
        expect(read.filter((text) => text !== 'nothing')).toEqual([]);
        expect(requestsOfSimulator()).toBe(before);

        // Like the page itself: after the rebinding it has the same origin for the browser.
        await page.goto(`http://${host}:${apiPort()}/`);
        const isRefused = (await page.content()).includes('expected a name of this machine');
        expect(isRefused).toBe(host === REBOUND);
        const asOwn = await page.evaluate(
          async () => (await fetch('/v1/providers/openai/check', { method: 'POST' })).status,
        );
        expect(asOwn === 403).toBe(host === REBOUND);
      } finally {
        await context.close();
        stranger.close();
      }
    },
  );

  const requestsOfSimulator = () =>
    (monitor.simulator?.providers ?? []).reduce(
      (sum, { id }) => sum + (monitor.simulator?.requests(id).length ?? 0),
      0,
    );
});

/** Runs in the page: which part of each answer could be read. */
async function attack(targets: string[]): Promise<string[]> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.ListTables' };
  const attempts: [string, RequestInit][] = [
    ['/', {}],
    ['/v1/summary', {}],
    ['/v1/check', { method: 'POST', mode: 'no-cors' }],
    ['/v1/check', { method: 'POST', mode: 'cors' }],
    ['/v1/providers/stolen', { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } }],
    ['/', { method: 'POST', body: '{}', headers }],
  ];
  const outcomes = targets.flatMap((target) =>
    attempts.map(async ([path, init]) => {
      const response = await fetch(`${target}${path}`, init).catch(() => null);
      return response === null || response.type === 'opaque' ? 'nothing' : `${path} ${response.status}`;
    }),
  );
  return Promise.all(outcomes);
}
