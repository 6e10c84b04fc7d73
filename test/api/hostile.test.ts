/** A1: for any request, the answer is one that is documented, and none is a 500. Seeds are printed on failure. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROBLEM_MEDIA } from '../../lib/api/http/problem.ts';
import { parseProvider } from '../../lib/config/parse.ts';
import { anyCharacter } from '../support/any-character.ts';
import { failedCheck, goodCheck, healthyStatus, minute, provider, START } from '../support/builders.ts';
import { type TestApi, testApi } from './support.ts';

const RUNS = 250;

async function filled(): Promise<TestApi> {
  const api = await testApi({
    declared: [provider({ id: 'declared' })],
    statuses: [healthyStatus({ id: 'alpha' })],
    parseProvider: (input) => parseProvider(input, { addressPolicy: 'public' }),
  });
  await api.store.checks.put([goodCheck({ timestamp: minute(1) }), failedCheck('timeout', { timestamp: minute(2) })]);
  await api.store.registrations.put({
    provider: 'alpha',
    input: { id: 'alpha', type: 'openai', apiKey: 'env:KEY' },
    registeredAt: START,
  });
  const heartbeat = {
    tick: minute(9),
    finishedAt: minute(9),
    due: 2,
    stored: 2,
    failed: 0,
    skipped: 0,
    monitorFault: false,
  };
  await api.store.ticks.finish('0', heartbeat);
  api.clock.set(minute(10));
  return api;
}

const NAMES = '__proto__ constructor toString hasOwnProperty prototype null undefined NaN -0 1e999'.split(' ');
const ENCODED = '../.. ..%2f.. % %00 %E0%A4%A %25%32%66 # ? & = ; ,'.split(' ');
const CHARACTERS = ['\u0000', '\ud800', '\u202e', '﷽', '💥', ' ', ''];
const INJECTED = ["' OR 1=1 --", '{{7*7}}', '$(7*7)', '<script>alert(1)</script>', '\r\nSet-Cookie: a=b'];
const TIMES =
  '9999-12-31T23:59:59.999Z -271821-04-20 +275760-09-13T00:00:00Z 0000-01-01 2026-02-30 2026-03-01T25:00:00Z'.split(
    ' ',
  );
const KEYS = ['0'.repeat(500), 'a'.repeat(5000), '*', 'STATUS', 'CHECK#alpha', 'alpha#', `${START}#alpha`];

/** Texts that have broken parsers before, among texts of every alphabet. */
const nasty = fc.oneof(
  fc.constantFrom(...NAMES, ...ENCODED, ...CHARACTERS, ...INJECTED, ...TIMES, ...KEYS),
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.string({ maxLength: 200 }),
  fc.base64String({ maxLength: 80 }),
);

/** Ids that exist, with some that do not and cannot. */
const id = fc.oneof(fc.constantFrom('alpha', 'declared', 'missing'), nasty);
const names = ['from', 'to', 'limit', 'cursor', 'format', 'provider', 'state', 'healthy', 'tag', 'window', 'strategy'];
const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names, 'only', 'exclude', 'whenStale'), nasty), nasty), {
  maxLength: 4,
});

/** In a form for a URL: encoded, or unchanged if a URL allows that. */
function segment(text: string, raw: boolean): string {
  const wellFormed = text.replace(/\p{Cs}/gu, '\ufffd');
  return raw ? wellFormed.replace(/[?#\s\\]/g, '') : encodeURIComponent(wellFormed);
}

function queryText(pairs: readonly (readonly [string, string])[], raw: boolean): string {
  const text = pairs.map((pair) => pair.map((part) => segment(part, raw)).join('=')).join('&');
  return text === '' ? '' : `?${text}`;
}

async function expectDocumented(api: TestApi, path: string, init?: RequestInit): Promise<void> {
  // A URL that no client could send is no request.
  if (!URL.canParse(path, 'http://localhost')) return;
  api.logged.length = 0;
  const { status } = await api.request(path, init);
  expect(status, `${init?.method ?? 'GET'} ${path}`).not.toBe(500);
  expect(api.logged, path).toEqual([]);
}

describe('hostile requests (A1)', () => {
  it('to every route that reads are answered as documented, with any path and query', async () => {
    const api = await filled();
    const paths = api.routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), id, query, fc.boolean(), async (path, one, pairs, raw) => {
        await expectDocumented(api, path.replace('{id}', segment(one, raw)) + queryText(pairs, raw));
      }),
      { numRuns: RUNS },
    );
  });

  it('with a cursor that was changed are refused, or are the page of some position within the range', async () => {
    const api = await filled();
    const paths = ['/v1/providers/alpha/checks', '/v1/transitions', '/v1/incidents'];
    const cursors = fc.oneof(
      nasty,
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      nasty.map((text) => Buffer.from(`${START}#${text}`).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), cursors, async (path, cursor) => {
        await expectDocumented(api, `${path}?cursor=${segment(cursor, false)}`);
      }),
      { numRuns: RUNS },
    );
  });

  it('to every route that changes something are answered as documented, with any body', async () => {
    const api = await filled();
    const changes = api.routes.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
    const fields = 'type model baseUrl apiKey headers body minutes until reason id tags'.split(' ');
    const object = fc.dictionary(fc.oneof(fc.constantFrom(...fields), nasty), fc.jsonValue(), { maxKeys: 6 });
    const body = fc.oneof(
      nasty,
      fc.json(),
      object.map((one) => JSON.stringify(one)),
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom('deep', 'large'),
    );
    const bodies: Record<string, string> = { deep: '{"body":'.repeat(1500), large: '['.repeat(20_000) };
    const media = fc.constantFrom('application/json', 'application/json; charset=utf-7', 'text/plain', '');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...changes), id, body, media, async (route, one, sent, type) => {
        const [method = '', path = ''] = route.split(' ');
        const headers = new Headers(type === '' ? [] : [['content-type', type]]);
        const init = { method, headers, body: typeof sent === 'string' ? (bodies[sent] ?? sent) : Buffer.from(sent) };
        await expectDocumented(api, path.replace('{id}', segment(one, false)), init);
      }),
      { numRuns: RUNS },
    );
  });

  it('with any headers are answered as documented', async () => {
    const api = await filled();
    const paths = ['/', '/v1/providers/alpha/checks', '/v1/summary', '/nowhere', '/badge/alpha.svg', '/feed.atom'];
    const value = fc.oneof(
      fc.constantFrom(
        'text/html;q=x',
        '*/*;q=-1',
        'gzip;q=2',
        'text/csv, */*;q=0',
        ',,,',
        ';;',
        'identity;q=0, *;q=0',
        'q=0',
      ),
      fc.string({ maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, '').trim()),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), value, value, async (path, accept, language) => {
        const response = await api.raw(path, {
          headers: { accept, 'accept-language': language, range: accept, 'if-none-match': language },
        });
        expect(response.status, `${path} Accept: ${accept}`).toBe(path === '/nowhere' ? 404 : 200);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('any other method (A1)', () => {
  it.each(['OPTIONS', 'PATCH', 'PROPFIND', 'ANY', 'X-Y'])('%s is not allowed, and says what is', async (method) => {
    const api = await filled();
    for (const { path } of api.routes) {
      const target = path.replace('{id}', 'alpha');
      const { status, headers, body } = await api.request(target, { method });
      expect([status, headers.get('content-type')], `${method} ${target}`).toEqual([405, PROBLEM_MEDIA]);
      expect(body).toMatchObject({ code: 'method_not_allowed' });
      expect(headers.get('allow')).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
    }
  });

  it('HEAD is answered as GET is, without the body, and changes nothing', async () => {
    const api = await filled();
    for (const { method, path } of api.routes) {
      const target = path.replace('{id}', 'alpha');
      const head = await api.raw(target, { method: 'HEAD' });
      const get = await api.raw(target);
      expect(await head.text()).toBe('');
      expect([head.status, head.headers.get('content-type')], `HEAD ${target}`).toEqual([
        get.status,
        get.headers.get('content-type'),
      ]);
      if (method !== 'GET' && !api.routes.some((route) => route.method === 'GET' && route.path === path)) {
        expect(head.status).toBe(405);
      }
    }
  });

  it('a path has one name only: no encoded or doubled one leads to the same route', async () => {
    const api = await filled();
    for (const path of [
      '/v1/%73ummary',
      '/%761/summary',
      '//v1/summary',
      '/v1//summary',
      '/v1/summary/',
      '/V1/summary',
    ]) {
      expect((await api.request(path)).status, path).toBe(404);
    }
    expect((await api.request('/v1/providers/alpha/%63heck', { method: 'POST' })).status).toBe(404);
  });
});
