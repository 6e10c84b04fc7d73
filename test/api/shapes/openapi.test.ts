import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { incidentPath } from '../../../lib/health/alerting/incident-address.ts';
import { createMemoryStore } from '../../../lib/store/memory/store.ts';
import { failedCheck, goodCheck, healthyStatus, minute, provider, START, statusAfter } from '../../support/builders.ts';
import { json, type OpenApiDocument, type TestApi, testApi } from '../support.ts';

const DOWN_AT = minute(-5);

/** A request that each operation answers well; a change without one fails the walk. */
const REQUESTS: Record<string, [path: string, init?: RequestInit]> = {
  getSummary: ['/v1/summary'],
  listProviders: ['/v1/providers?state=healthy,degraded&healthy=true'],
  getProvider: ['/v1/providers/alpha'],
  listScores: ['/v1/scores'],
  getScore: ['/v1/providers/alpha/score'],
  listChecks: ['/v1/providers/alpha/checks?limit=1'],
  getUptime: ['/v1/providers/alpha/uptime?window=7d'],
  listTransitions: ['/v1/transitions?provider=alpha'],
  selectProvider: ['/v1/select?strategy=weighted'],
  checkProvider: ['/v1/providers/alpha/check', { method: 'POST' }],
  checkAll: ['/v1/check', { method: 'POST' }],
  putProvider: ['/v1/providers/beta', json({ type: 'openai' })],
  deleteProvider: ['/v1/providers/gone', { method: 'DELETE' }],
  listIncidents: ['/v1/incidents?provider=alpha'],
  setMaintenance: ['/v1/providers/alpha/maintenance', json({ minutes: 60, reason: 'moving' })],
  endMaintenance: ['/v1/providers/alpha/maintenance', { method: 'DELETE' }],
  setDrain: ['/v1/providers/alpha/drain', json({ until: minute(10) })],
  endDrain: ['/v1/providers/alpha/drain', { method: 'DELETE' }],
  testAlerts: ['/v1/alerts/test', { method: 'POST' }],
  getHealthz: ['/healthz'],
  getMetrics: ['/metrics'],
  getOpenApi: ['/v1/openapi.json'],
  getBadge: ['/badge/alpha.svg'],
  getShieldsBadge: ['/badge/alpha.json'],
  getPage: ['/'],
  getIncidentPage: [`/${incidentPath({ provider: 'alpha', at: DOWN_AT })}`],
};

/** The request from the list above; for a read that is not in it, its path alone. */
function requestOf(operation: {
  operationId: string;
  path: string;
  method: string;
}): [path: string, init?: RequestInit] {
  const { operationId, path, method } = operation;
  const request = REQUESTS[operationId];
  if (request) return request;
  if (method === 'get') return [path.replace('{id}', 'alpha')];
  throw new Error(`${operationId}: expected a request in REQUESTS, got none. Add one that is answered well.`);
}

async function filledApi(): Promise<TestApi> {
  const store = createMemoryStore({ now: () => new Date(START) });
  await store.checks.put([goodCheck()]);
  await store.registrations.put({ provider: 'gone', input: {}, registeredAt: START });
  await store.ticks.claim({ shard: '0', tick: START, owner: 'test', now: new Date(START), leaseMs: 60_000 });
  const outcome = { due: 1, stored: 1, failed: 0, skipped: 0, monitorFault: false };
  await store.ticks.finish('0', { tick: START, finishedAt: START, ...outcome });
  const status = healthyStatus();
  if (status.lastTransition) await store.transitions.put(status.lastTransition);
  const down = statusAfter([
    goodCheck({ timestamp: minute(-6) }),
    failedCheck('timeout', { timestamp: DOWN_AT }),
  ]).lastTransition;
  if (down) await store.transitions.put(down);
  return testApi({ store, declared: [provider()], statuses: [status] });
}

async function describedApi() {
  const api = await filledApi();
  const { body } = await api.request('/v1/openapi.json');
  const document = body as OpenApiDocument;
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
  );
  return { api, document, operations };
}

describe('GET /v1/openapi.json', () => {
  it('describes every route, and each answers as it is described', async () => {
    const { operations } = await describedApi();
    const described = operations.map(({ operationId }) => operationId);
    expect(Object.keys(REQUESTS).filter((operationId) => !described.includes(operationId))).toEqual([]);
    for (const operation of operations) {
      const { operationId, responses } = operation;
      const [path, init] = requestOf(operation);
      const { status } = await (await filledApi()).request(path, init);
      expect(status, operationId).toBeLessThan(300);
      expect(Object.keys(responses), operationId).toContain(String(status));
    }
  });

  it('is valid for a validator of another project', async () => {
    const { document } = await describedApi();
    const { valid, errors } = await new Validator().validate({ ...document });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('is OpenAPI 3.1, with every reference resolved and every parameter of a path declared', async () => {
    const { document, operations } = await describedApi();
    expect(document.openapi).toBe('3.1.1');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference = '']) => reference,
    );
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      expect(document.components.schemas).toHaveProperty([reference.replace('#/components/schemas/', '')]);
    }
    for (const operation of operations) {
      const { parameters = [] } = operation as { parameters?: { in: string; name: string; required?: boolean }[] };
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      const expected = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(inPath.map(({ name }) => name)).toEqual(expected);
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  it('describes the problems of each route, which are all of one shape', async () => {
    const { operations } = await describedApi();
    for (const { operationId, responses } of operations) {
      const problems = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      expect(
        problems.map(([status]) => status),
        operationId,
      ).toEqual(expect.arrayContaining(['500', '503']));
      for (const [, { content }] of problems) {
        expect(content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
      }
    }
  });

  it('does not forbid answers to gain fields, and does forbid input that is not read', async () => {
    const { document } = await describedApi();
    const { ProviderInput, ...answers } = document.components.schemas;
    expect(ProviderInput).toMatchObject({ additionalProperties: false });
    expect(JSON.stringify([answers.HealthCheck, answers.HealthyCheck, answers.Uptime])).not.toContain(
      '"additionalProperties":false',
    );
  });

  it('has no schema that names itself, which generators of clients cannot take', async () => {
    const { document } = await describedApi();
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect(JSON.stringify(schema), name).not.toContain(`"#/components/schemas/${name}"`);
      expect(name).not.toMatch(/^__/);
    }
  });

  it('is as strict about input as the server', async () => {
    const { document, operations } = await describedApi();
    const { PauseInput, PauseFor, PauseUntil } = document.components.schemas;
    expect(PauseInput?.anyOf).toEqual([
      { $ref: '#/components/schemas/PauseFor' },
      { $ref: '#/components/schemas/PauseUntil' },
    ]);
    expect(PauseFor).toMatchObject({ required: ['minutes'], additionalProperties: false });
    expect(PauseUntil).toMatchObject({ required: ['until'], additionalProperties: false });
    const select = operations.find(({ operationId }) => operationId === 'selectProvider') as unknown as {
      parameters: { name: string; schema: Record<string, unknown> }[];
    };
    const only = select.parameters.find(({ name }) => name === 'only');
    expect(only?.schema).toMatchObject({
      type: 'array',
      minItems: 1,
      maxItems: 200,
      items: { type: 'string', pattern: expect.stringMatching(/^\^\[a-z0-9\]/) },
    });
  });

  it("has the product's version", async () => {
    const { document } = await describedApi();
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    expect((document as unknown as { info: { version: string } }).info.version).toBe(version);
  });

  it('says how a request proves who sends it', async () => {
    const api = await testApi({ proofs: { reads: ['basic', 'bearer'], writes: ['iam'] } });
    const { body } = await api.request('/v1/openapi.json');
    const { paths, components } = body as {
      paths: Record<string, Record<string, { security: unknown }>>;
      components: { securitySchemes: Record<string, unknown> };
    };
    expect(Object.keys(components.securitySchemes)).toEqual(['basic', 'bearer', 'iam']);
    expect(paths['/v1/summary']?.get?.security).toEqual([{ basic: [] }, { bearer: [] }]);
    expect(paths['/v1/check']?.post?.security).toEqual([{ iam: [] }]);
    expect((await new Validator().validate({ ...(body as object) })).errors).toBeUndefined();
  });

  it('names the path that the routes lie under', async () => {
    const api = await testApi({ basePath: '/prod', declared: [provider()] });
    const { body } = await api.request('/prod/v1/openapi.json');
    expect(body).toMatchObject({ servers: [{ url: '/prod' }] });
  });
});

describe('reads (A3)', () => {
  it('never write, never probe, and cost at most one Query of the statuses', async () => {
    const { api, operations } = await describedApi();
    for (const { path, method, operationId } of operations) {
      if (method !== 'get') continue;
      api.calls.length = 0;
      await api.request(...requestOf({ path, method, operationId }));
      expect(
        api.calls.filter((call) => !/\.(get|list|listBrief|page|heartbeats|announced)$/.test(call)),
        operationId,
      ).toEqual([]);
      expect(api.calls.filter((call) => call.startsWith('statuses.list')).length, operationId).toBeLessThanOrEqual(1);
      // One provider's page shows its past in several windows; every other answer is as cheap for a large fleet as for a small one.
      if (path !== '/providers/{id}') expect(api.calls.length, operationId).toBeLessThanOrEqual(4);
    }
    expect(api.prober.probed).toEqual([]);
  });
});
