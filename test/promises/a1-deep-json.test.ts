/**
 * JSON that nests deeper than a call stack, at every place that takes JSON from outside: the answer says so, and is no
 * 500.
 */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJsonText } from '../../lib/base/json.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import type { ProbeKind } from '../../lib/health/provider.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { failureOf } from '../../lib/reader/failover/failure.ts';
import { createHealthReader } from '../../lib/reader/index.ts';
import { registrationFromItem } from '../../lib/store/items/registration-item.ts';
import { testApi } from '../api/support.ts';
import { probeOnce, targetOf } from '../support/servers/probing.ts';

const nested = (levels: number) => `${'{"a":'.repeat(levels)}0${'}'.repeat(levels)}`;
/** 9 KB, which every limit on a body lets through. */
const DEEP = nested(1500);
const MEBIBYTE = 1_048_576;

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://peer');
    if (pathname.endsWith('/models')) response.end('['.repeat(MEBIBYTE));
    else if (pathname.startsWith('/stream')) {
      response.setHeader('content-type', 'text/event-stream').end(`data: ${DEEP}\n\n`);
    } else response.setHeader('content-type', 'application/json').end(DEEP);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('A1: JSON of 1500 levels', () => {
  const LIMIT = 'expected a body of at most 100 levels of brackets, got more';

  it.each([
    ['PUT', '/v1/providers/alpha', DEEP],
    ['PUT', '/v1/providers/alpha', `{"type":"openai","body":${DEEP}}`],
    ['PUT', '/v1/providers/alpha/drain', `{"minutes":${DEEP}}`],
    ['PUT', '/v1/providers/alpha/maintenance', `{"minutes":5,"reason":${'['.repeat(9000)}`],
  ])('as the body of %s %s is a bad request that names the limit', async (method, path, body) => {
    const { request, logged } = await testApi();
    const { status, body: problem } = await request(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(status).toBe(400);
    expect(problem).toMatchObject({ code: 'bad_request', errors: [{ field: '', message: LIMIT }] });
    expect(logged).toEqual([]);
  });

  it.each<[ProbeKind, string]>([
    ['completion', ''],
    ['stream', '/stream'],
    ['models', ''],
  ])('as the answer to a %s probe is an invalid response', async (kind, path) => {
    const outcome = await probeOnce(targetOf({ origin: `${origin}${path}` }, { probe: kind }, kind));
    expect(outcome).toMatchObject({ isHealthy: false, category: 'invalid_response', statusCode: 200 });
  });

  it('in a configuration, or in a provider that a program registers, is refused', async () => {
    const message = 'expected at most 100 levels of brackets, got more';
    const deep = { type: 'openai', body: JSON.parse(DEEP) };
    const endless: Record<string, unknown> = { type: 'openai' };
    endless.body = { again: endless };
    for (const provider of [deep, endless]) {
      expect(() => parseConfig({ providers: [provider] }, { addressPolicy: 'public' })).toThrow(message);
      const checker = new HealthChecker();
      await expect((async () => checker.registerProvider(provider))()).rejects.toThrow(message);
      await checker.stopHealthChecks();
    }
  });

  it('in a registration that is stored is left as a text, which is no provider', () => {
    expect(registrationFromItem({ sk: 'alpha', input: DEEP })).toMatchObject({ provider: 'alpha', input: DEEP });
  });

  it('in a secret is no object with the field', async () => {
    const ssm = { read: async () => DEEP, close: () => {} };
    await expect(createKeyResolver({ ssm }).resolve('secret:name#a')).rejects.toThrow(
      'expected a secret that is a JSON object',
    );
  });

  it('from the API that a reader asks leaves the reader with its fallback', async () => {
    const reader = createHealthReader({ url: origin, auth: { type: 'none' }, providers: ['alpha'], budgetMs: 5000 });
    expect(await reader.pick()).toMatchObject({ provider: 'alpha', source: 'fallback', problem: { code: 'not_ours' } });
  });

  it('in the error of an SDK says nothing', () => {
    expect(failureOf({ name: 'ApiError', message: DEEP })).toMatchObject({ category: null });
  });
});

it('P3: a mebibyte of brackets is refused in a small part of the time that parsing it takes', () => {
  const text = '['.repeat(MEBIBYTE);
  /** The least of several runs: what else the process does, such as collecting garbage, only makes a run longer. */
  const cpuMs = (work: () => void) => {
    const times = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    return Math.min(...times);
  };
  const parsing = cpuMs(() => {
    try {
      JSON.parse(text);
    } catch {
      // The error is expected: only the time is tested.
    }
  });
  expect(cpuMs(() => readJsonText(text))).toBeLessThan(parsing / 4);
});
