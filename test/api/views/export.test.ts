import { describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/api/app.ts';
import { csvRow } from '../../../lib/api/views/csv.ts';
import { formatOf } from '../../../lib/api/views/export.ts';
import { silentLog } from '../../../lib/base/log.ts';
import type { HealthCheck } from '../../../lib/health/check.ts';
import { createMemoryStore } from '../../../lib/store/memory/store.ts';
import { type Store, StoreError } from '../../../lib/store/store.ts';
import { failedCheck, goodCheck, healthyStatus, minute } from '../../support/builders.ts';
import { type Answer, testApi } from '../support.ts';

const CHECKS = '/v1/providers/alpha/checks';

async function filledApi(checks: readonly HealthCheck[], store: Store = storeOf()) {
  await store.checks.put(checks);
  const api = await testApi({ store, statuses: [healthyStatus()] });
  api.clock.set(minute(5000));
  return { ...api, store };
}

function storeOf(): Store {
  return createMemoryStore({ now: () => new Date(minute(5000)), checksPerProvider: 5000 });
}

const checksOf = (count: number) => Array.from({ length: count }, (_, i) => goodCheck({ timestamp: minute(i) }));
const rowsOf = (csv: string) => csv.trimEnd().split('\r\n');

describe('a row of CSV', () => {
  it.each([
    [['a', 1, true, null], 'a,1,true,'],
    [['a,b'], '"a,b"'],
    [['say "no"'], '"say ""no"""'],
    [['two\nlines'], '"two\nlines"'],
    [[-5], '-5'],
    [['=1+1'], "'=1+1"],
    [['+1'], "'+1"],
    [['-1'], "'-1"],
    [['@SUM(A1)'], "'@SUM(A1)"],
    [['\t=1'], "'\t=1"],
    [['=HYPERLINK("http://x","y")'], `"'=HYPERLINK(""http://x"",""y"")"`],
  ])('of %j is %j', (cells, row) => {
    expect(csvRow(cells)).toBe(`${row}\r\n`);
  });
});

describe('the format', () => {
  it.each([
    [undefined, undefined, 'json'],
    [undefined, '*/*', 'json'],
    [undefined, 'text/html,application/xhtml+xml,*/*;q=0.8', 'json'],
    [undefined, 'text/csv', 'csv'],
    [undefined, 'application/json, text/csv', 'json'],
    [undefined, 'application/json;q=0.5, text/csv', 'csv'],
    [undefined, 'text/csv;q=0, application/json', 'json'],
    [undefined, 'application/x-ndjson', 'ndjson'],
    ['csv', 'application/json', 'csv'],
    ['json', 'text/csv', 'json'],
  ] as const)('of ?format=%s and Accept: %s is %s', (parameter, accept, expected) => {
    expect(formatOf(parameter, accept)).toBe(expected);
  });
});

describe('the export of checks', () => {
  it('is CSV, all of the range, newest first', async () => {
    const { request } = await filledApi(checksOf(2500));
    const { status, headers, text } = await request(`${CHECKS}?format=csv&from=2026-03-01T10:00:00Z`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename="alpha-checks.csv"');
    expect(headers.get('vary')).toContain('Accept');
    const [head, ...rows] = rowsOf(text);
    expect(head).toMatch(/^timestamp,provider,model,isHealthy,responseTimeMs,category,fault,/);
    expect(rows).toHaveLength(2500);
    expect(rows[0]).toMatch(`${minute(2499)},alpha,test-model,true,200,,,200,,schedule,1,completion,`);
    expect(rows.at(-1)).toMatch(minute(0));
  });

  it('has for each row as many cells as columns', async () => {
    const { request } = await filledApi([failedCheck('timeout'), goodCheck({ timestamp: minute(1) })]);
    const [head = '', ...rows] = rowsOf((await request(`${CHECKS}?format=csv`)).text);
    for (const row of rows) expect(row.split(',')).toHaveLength(head.split(',').length);
  });

  it('shows what failed, and runs nothing of what a provider says', async () => {
    const { request } = await filledApi([
      failedCheck('server_error', { errorMessage: '=cmd|"/c calc"!A1, then "bye"' }),
    ]);
    const { text } = await request(`${CHECKS}?format=csv`);
    expect(text).toContain(`,false,50,server_error,provider,,"'=cmd|""/c calc""!A1, then ""bye""",`);
  });

  it('is JSON lines, each a check', async () => {
    const checks = [...checksOf(3), failedCheck('timeout', { timestamp: minute(3) })];
    const { request } = await filledApi(checks);
    const { headers, text } = await request(`${CHECKS}?format=ndjson`);
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(checks.toReversed());
  });

  it('depends on the header Accept', async () => {
    const { request } = await filledApi(checksOf(1));
    const { text } = await request(CHECKS, { headers: { accept: 'text/csv' } });
    expect(rowsOf(text)).toHaveLength(2);
  });

  it('of an empty range is the names of its columns', async () => {
    const { request } = await filledApi([]);
    expect(rowsOf((await request(`${CHECKS}?format=csv`)).text)).toHaveLength(1);
    expect((await request(`${CHECKS}?format=ndjson`)).text).toBe('');
  });

  it('is read page by page, no further than the caller reads', async () => {
    const { store } = await filledApi(checksOf(3500));
    let pages = 0;
    const counted: Store = {
      ...store,
      checks: {
        ...store.checks,
        page: (provider, request) => {
          pages += 1;
          return store.checks.page(provider, request);
        },
      },
    };
    const app = createApp({
      store: counted,
      checker: null,
      declared: [],
      monitor: { tickSeconds: 60, shards: ['0'] },
      log: silentLog,
      now: () => new Date(minute(5000)),
    });
    const response = await app.request(`${CHECKS}?format=csv`);
    await response.body?.cancel();
    expect(pages).toBeLessThanOrEqual(2);
  });

  it.each([
    ['limit=0', 'limit'],
    ['cursor=abc', 'cursor'],
    ['format=xml', 'format'],
    ['from=yesterday', 'from'],
    ['from=2026-03-02&to=2026-03-01', 'from'],
    ['form=csv', 'form'],
  ])('refuses %s and names the field', async (query, field) => {
    const { request } = await filledApi(checksOf(1));
    const separator = query.includes('format=') ? '' : '&format=csv';
    const { status, body } = await request(`${CHECKS}?${query}${separator}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ field }] });
  });

  it.each(['/v1/providers/missing/checks?format=csv', '/v1/providers/missing/checks?format=ndjson'])(
    'of a missing provider is not found: %s',
    async (path) => {
      const { request } = await filledApi([]);
      expect((await request(path)).status).toBe(404);
    },
  );

  it('from a table that is down is a problem, not a file', async () => {
    const { request } = await testApi({
      statuses: [healthyStatus()],
      onCall: (name) => {
        if (name === 'checks.page') throw new StoreError('unreachable', 'no answer');
      },
    });
    const { status, headers } = await request(`${CHECKS}?format=csv`);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
  });

  it('that fails in the middle is broken off, so that half a file does not look like a whole one', async () => {
    let pages = 0;
    const store = storeOf();
    await store.checks.put(checksOf(2500));
    const api = await testApi({
      store,
      statuses: [healthyStatus()],
      onCall: (name) => {
        if (name === 'checks.page' && ++pages === 2) throw new StoreError('unreachable', 'no answer');
      },
    });
    api.clock.set(minute(5000));
    await expect(api.request(`${CHECKS}?format=csv`)).rejects.toThrow('no answer');
  });
});

describe('one page of an export', () => {
  /** Follows the header Link as a program would, and gives what each page was. */
  async function pagesOf(request: (path: string) => Promise<Answer>, query: string): Promise<Answer[]> {
    const pages: Answer[] = [];
    for (let next: string | undefined = query; next !== undefined; ) {
      const answer = await request(`${CHECKS}${next}`);
      pages.push(answer);
      next = /^<(\?[^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    return pages;
  }

  it.each([
    ['?format=ndjson&limit=400', [400, 400, 200]],
    ['?limit=1000&format=ndjson', [1000]],
    [`?format=ndjson&limit=300&from=${minute(500)}`, [300, 200]],
  ])('of %s names the next in its header Link, until there is none', async (query, expected) => {
    const checks = checksOf(1000);
    const { request } = await filledApi(checks);
    const pages = await pagesOf(request, query);
    const lines = pages.map(({ text }) => text.trimEnd().split('\n'));
    expect(lines.map(({ length }) => length)).toEqual(expected);
    const wanted = checks.slice(checks.length - lines.flat().length).toReversed();
    expect(lines.flat().map((line) => JSON.parse(line))).toEqual(wanted);
  });

  it('in CSV has the names of its columns again', async () => {
    const { request } = await filledApi(checksOf(5));
    const pages = await pagesOf(request, '?format=csv&limit=2');
    expect(pages.map(({ text }) => rowsOf(text).length)).toEqual([3, 3, 2]);
    expect(new Set(pages.map(({ text }) => rowsOf(text)[0])).size).toBe(1);
  });

  it('has no header Link when it is all of the range', async () => {
    const { request } = await filledApi(checksOf(1500));
    expect((await request(`${CHECKS}?format=ndjson`)).headers.has('link')).toBe(false);
  });
});

describe('the export of transitions', () => {
  it('is CSV', async () => {
    const store = storeOf();
    await store.transitions.put({
      id: `${minute(1)}#alpha`,
      provider: 'alpha',
      from: 'healthy',
      to: 'unhealthy',
      at: minute(1),
      category: 'timeout',
      fault: 'provider',
      errorMessage: 'no answer within 10 s',
      lastedMs: 60_000,
    });
    const { request } = await filledApi([], store);
    const { headers, text } = await request('/v1/transitions?format=csv');
    expect(headers.get('content-disposition')).toBe('attachment; filename="transitions.csv"');
    expect(rowsOf(text)).toEqual([
      'at,provider,from,to,category,fault,errorMessage,lastedMs',
      `${minute(1)},alpha,healthy,unhealthy,timeout,provider,no answer within 10 s,60000`,
    ]);
    expect(rowsOf((await request('/v1/transitions?format=csv&provider=beta')).text)).toHaveLength(1);
  });
});
