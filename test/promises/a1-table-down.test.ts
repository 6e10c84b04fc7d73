import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, routesOf } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import {
  answer,
  type Fault,
  type FaultyTable,
  neverAnswer,
  refuse,
  startFaultyTable,
} from '../store/dynamo/faulty-table.ts';
import { ScriptedProber } from '../support/scripted-prober.ts';

const ARN = 'arn:aws:dynamodb:eu-central-1:123456789012:table/health';
const OPERATIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'BatchGetItem', 'BatchWriteItem'];

/** Routes whose answers do not depend on the table, and routes that only call channels. */
const WITHOUT_TABLE = /^\/assets\/|^\/v1\/openapi\.json$|^\/v1\/alerts\/test$/;

/** The body for each route that needs one. */
const BODIES: Readonly<Record<string, unknown>> = {
  '/v1/providers/{id}': { type: 'openai', apiKey: 'env:KEY' },
  '/v1/providers/{id}/drain': { minutes: 60 },
  '/v1/providers/{id}/maintenance': { minutes: 60 },
};

const config = parseConfig(
  { providers: [{ id: 'alpha', type: 'openai', apiKey: 'env:KEY' }] },
  { addressPolicy: 'public' },
);

let down: FaultyTable;
beforeAll(async () => {
  // There is no table behind it: every request meets a fault.
  down = await startFaultyTable('http://127.0.0.1:1');
});
afterAll(() => down.close());

function openApi() {
  const store = createDynamoStore({ tableName: 'health', endpoint: down.endpoint, requestTimeoutMs: 200 });
  const prober = new ScriptedProber();
  const checker = new HealthChecker({ config, store, prober });
  const options = {
    store,
    checker,
    declared: config.providers,
    monitor: { tickSeconds: 60, shards: ['0'] },
    log: silentLog,
  };
  const routes = routesOf(options).filter(({ path }) => !WITHOUT_TABLE.test(path));
  return { app: createApp(options), routes, prober, store };
}

describe('A1: with the table', () => {
  const faults: [string, Fault][] = [
    ['that closes every connection', (call) => call.hangUp()],
    ['that never answers', neverAnswer],
    ['that is denied', refuse('AccessDeniedException', 400, `not authorized to perform dynamodb:Query on ${ARN}`)],
    ['that is gone', refuse('ResourceNotFoundException', 400, `Requested resource not found: ${ARN}`)],
    ['that is throttled', refuse('ThrottlingException', 400, 'Rate exceeded')],
    ['that fails', refuse('InternalServerError', 500)],
    ['that is a proxy with a page', answer(502, '<html>Bad gateway</html>')],
  ];
  const idIn = (path: string) =>
    path === '/v1/providers/{id}' ? 'beta' : path === '/incidents/{id}' ? '20260301T100000000Z-alpha' : 'alpha';
  it.each(faults)('%s, every route answers 503 with Retry-After and nothing that looks fine', async (_what, fault) => {
    for (const operation of OPERATIONS) down.failAlways(operation, fault);
    const { app, routes, prober, store } = openApi();
    expect(routes.length).toBeGreaterThan(20);
    const answers = await Promise.all(
      routes.map(async ({ method, path }) => {
        const body = BODIES[path];
        const response = await app.request(path.replace('{id}', idIn(path)), {
          method,
          ...(method === 'PUT' && {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
        });
        return { route: `${method} ${path}`, response, text: await response.text() };
      }),
    );
    for (const { route, response, text } of answers) {
      expect(`${route} ${response.status}`).toBe(`${route} 503`);
      expect(Number(response.headers.get('retry-after')), route).toBeGreaterThan(0);
      expect(response.headers.get('cache-control'), route).toBe('no-store');
      expect(JSON.parse(text), route).toMatchObject({ status: 503, code: 'store_unavailable' });
      expect(text, route).not.toMatch(/arn:|not authorized|Bad gateway|127\.0\.0\.1|\.ts/);
    }
    expect(prober.probed).toEqual([]);
    store.close();
  });
});
