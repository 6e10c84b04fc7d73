import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { AwsV4Signer } from 'aws4fetch';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Clock,
  createReporter,
  type ReaderAuth,
  type ReaderProblem,
  type Reporter,
  withFailover,
} from '../../../lib/reader/index.ts';
import { reportKey } from '../../../lib/store/items/keys.ts';
import { START } from '../../support/builders.ts';
import { FakeClock } from '../../support/clock.ts';
import { startTable, type TestTable } from '../../support/table.ts';

const DOWN = { ok: false, error: Object.assign(new Error('503'), { status: 503 }) } as const;
const WELL = { ok: true } as const;

let clock: FakeClock & Clock;
let problems: ReaderProblem[];

beforeEach(() => {
  const fake = new FakeClock();
  clock = Object.assign(fake, { monotonicMs: () => fake.now().getTime() });
  problems = [];
});

const onProblem = (problem: ReaderProblem) => void problems.push(problem);

function fail(reporter: Reporter, times: number, provider = 'alpha'): void {
  for (let time = 0; time < times; time++) reporter.report(provider, DOWN);
}

describe('a reporter to the table', () => {
  let table: TestTable;
  let reporter: Reporter;

  beforeAll(async () => {
    table = await startTable();
  });

  beforeEach(() => {
    reporter = createReporter({ tableName: table.tableName, client: table.sdk, clock, onProblem });
  });

  afterEach(() => table.empty());
  afterAll(() => table.close());

  async function reported(provider = 'alpha'): Promise<Record<string, unknown> | null> {
    await reporter.flush();
    const Key = reportKey(provider);
    const { Items = [] } = await table.documents.send(
      new ScanCommand({ TableName: table.tableName, ConsistentRead: true }),
    );
    return Items.find(({ pk, sk }) => pk === Key.pk && sk === Key.sk) ?? null;
  }

  test('writes nothing before five failures in a row, then one item that goes by itself', async () => {
    fail(reporter, 4);
    expect(await reported()).toBeNull();
    fail(reporter, 1);
    expect(await reported()).toEqual({
      ...reportKey('alpha'),
      v: 1,
      reportedAt: START,
      expiresAt: Date.parse(START) / 1000 + 7 * 86_400,
    });
    expect(problems).toEqual([]);
  });

  test('begins anew after a success, and counts each provider by itself', async () => {
    fail(reporter, 4);
    fail(reporter, 4, 'beta');
    reporter.report('alpha', WELL);
    fail(reporter, 1);
    expect(await reported()).toBeNull();
    fail(reporter, 1, 'beta');
    expect(await reported('beta')).not.toBeNull();
  });

  test('sends nothing more about a provider for 30 s', async () => {
    fail(reporter, 5);
    expect(await reported()).toMatchObject({ reportedAt: START });
    await clock.advance(29_000);
    fail(reporter, 20);
    expect(await reported()).toMatchObject({ reportedAt: START });
    await clock.advance(1000);
    fail(reporter, 1);
    expect(await reported()).toMatchObject({ reportedAt: clock.now().toISOString() });
  });

  test.each([
    ['a request that is wrong anywhere', Object.assign(new Error('400'), { status: 400 })],
    ['a bug of the program', new TypeError('undefined is not a function')],
    ['a request that its caller gave up', new DOMException('gone', 'AbortError')],
  ])('does not count %s', async (_name, error) => {
    for (let time = 0; time < 10; time++) reporter.report('alpha', { ok: false, error });
    expect(await reported()).toBeNull();
  });

  test('reports what it could not send, and throws nothing', async () => {
    const elsewhere = createReporter({ tableName: 'not-there', client: table.sdk, clock, onProblem });
    fail(elsewhere, 5);
    await elsewhere.flush();
    expect(problems.map(({ code }) => code)).toEqual(['missing']);
    const badLog = () => {
      throw new Error('the log is full');
    };
    const loud = createReporter({ tableName: 'not-there', client: table.sdk, clock, onProblem: badLog });
    fail(loud, 5);
    await expect(loud.flush()).resolves.toBeUndefined();
  });

  describe('watches the attempts of a failover', () => {
    const ask = (attempt: (provider: 'alpha' | 'beta') => unknown) =>
      withFailover({ providers: ['alpha', 'beta'], attempt: reporter.watch(async (id) => attempt(id)), rememberMs: 0 });

    test('that throw, and passes the error on', async () => {
      for (let time = 0; time < 5; time++) {
        const { provider, failed } = await ask((id) => {
          if (id === 'alpha') throw DOWN.error;
          return 'ok';
        });
        expect(provider).toBe('beta');
        expect(failed).toMatchObject([{ provider: 'alpha', statusCode: 503 }]);
      }
      expect(await reported()).not.toBeNull();
      expect(await reported('beta')).toBeNull();
    });

    test('whose answer is not ok', async () => {
      for (let time = 0; time < 5; time++) await ask((id) => new Response('', { status: id === 'alpha' ? 503 : 200 }));
      expect(await reported()).not.toBeNull();
    });

    test('whose answer is a web page, also beside a failover', async () => {
      const page = () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } });
      const watched = reporter.watch(async (_id: 'alpha') => page());
      for (let time = 0; time < 5; time++) {
        await watched('alpha', { signal: new AbortController().signal, timeoutMs: 1000, attempt: 1 });
      }
      expect(await reported()).not.toBeNull();
    });

    async function* stream(...chunks: readonly unknown[]) {
      for (const chunk of chunks) {
        if (chunk instanceof Error) throw chunk;
        yield chunk;
      }
    }
    const broken = Object.assign(new Error('terminated'), { code: 'ECONNRESET' });

    test.each([
      ['break after their first token', ['a', 'b', broken], true],
      [
        'say in their midst that they failed',
        [
          { type: 'text-delta', text: 'a' },
          { type: 'error', error: broken },
        ],
        true,
      ],
      ['have no token', [], true],
      ['come to their end', ['a', 'b'], false],
    ])('whose streams %s', async (_, chunks, counts) => {
      for (let time = 0; time < 5; time++) {
        const { value } = await ask((id) => stream(...(id === 'alpha' ? chunks : ['ok'])));
        const read = async () => {
          for await (const _ of value as AsyncIterable<unknown>);
        };
        await read().catch(() => {});
      }
      expect((await reported()) !== null).toBe(counts);
    });

    test('whose streams are left before their end, as good ones', async () => {
      for (let time = 0; time < 9; time++) {
        const { value } = await ask(() => stream('a', broken));
        const read = async () => {
          for await (const _ of value as AsyncIterable<unknown>) if (time === 4) break;
        };
        await read().catch(() => {});
      }
      expect(await reported()).toBeNull();
    });

    test.each([
      ['TimeoutError', true],
      ['AbortError', false],
    ])('that are ended by a %s, and counts each correctly', async (name, counts) => {
      const attempt = reporter.watch(async () => {
        throw new Error('Request was aborted.');
      });
      const signal = AbortSignal.abort(new DOMException('over', name));
      for (let time = 0; time < 5; time++) {
        await expect(attempt('alpha', { signal, timeoutMs: 1, attempt: 1 })).rejects.toThrow('Request was aborted.');
      }
      expect((await reported()) !== null).toBe(counts);
    });
  });
});

describe('a reporter to the HTTP API', () => {
  let server: Server;
  let requests: { method: string | undefined; url: string | undefined; headers: IncomingMessage['headers'] }[];
  /** Null: never answers. */
  let status: number | null;

  beforeAll(async () => {
    server = createServer(({ method, url, headers }, response) => {
      requests.push({ method, url, headers });
      if (status !== null) response.writeHead(status).end('{}');
      else server.emit('unanswered');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });

  beforeEach(() => {
    requests = [];
    status = 200;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const urlOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/stage`;
  const reporterWith = (auth: ReaderAuth) => createReporter({ url: urlOf(), auth, clock, onProblem });

  test('asks for a manual check', async () => {
    const reporter = reporterWith({ type: 'bearer', token: 'of-the-issuer' });
    fail(reporter, 5);
    await reporter.flush();
    expect(requests).toMatchObject([
      { method: 'POST', url: '/stage/v1/providers/alpha/check', headers: { authorization: 'Bearer of-the-issuer' } },
    ]);
    expect(problems).toEqual([]);
  });

  test('signs a POST', async () => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const reporter = reporterWith({ type: 'iam', region: 'eu-central-1', credentials });
    fail(reporter, 5);
    await reporter.flush();
    const { authorization, 'x-amz-date': datetime } = requests[0]?.headers ?? {};
    const url = `${urlOf()}/v1/providers/alpha/check`;
    const common = { url, service: 'execute-api', region: 'eu-central-1', datetime: String(datetime), ...credentials };
    const wanted = await new AwsV4Signer({ method: 'POST', ...common }).sign();
    expect(authorization).toBe(wanted.headers.get('authorization'));
  });

  test.each([
    [429, []],
    [403, ['denied']],
    [404, ['missing']],
    [503, ['unreachable']],
  ])('takes %i for what it says', async (answer, codes) => {
    status = answer;
    const reporter = reporterWith({ type: 'none' });
    fail(reporter, 5);
    await reporter.flush();
    expect(problems.map(({ code }) => code)).toEqual(codes);
  });

  test('does not wait for the end of the check', async () => {
    status = null;
    const asked = new Promise((resolve) => server.once('unanswered', resolve));
    const reporter = reporterWith({ type: 'none' });
    fail(reporter, 5);
    await asked;
    await clock.advance(2000);
    await reporter.flush();
    expect(problems).toEqual([]);
  });
});

test('a reporter with wrong options is refused when it is made', () => {
  expect(() => createReporter({ url: 'http://monitor.example.com', auth: { type: 'bearer', token: 'x' } })).toThrow(
    'url:',
  );
});

describe('a reporter that is called wrongly', () => {
  const reporter = () => createReporter({ tableName: 'none', onProblem });

  test.each([
    [
      'outcome',
      (it: Reporter) => Reflect.apply(it.report, it, ['alpha']),
      '{ ok: true } or { ok: false, error }, got undefined',
    ],
    [
      'outcome',
      (it: Reporter) => Reflect.apply(it.report, it, ['alpha', new Error('x')]),
      '{ ok: true } or { ok: false, error }, got object',
    ],
    [
      'provider',
      (it: Reporter) => Reflect.apply(it.report, it, [undefined, WELL]),
      "a provider's id, such as 'openai', got undefined",
    ],
    [
      'attempt',
      (it: Reporter) => Reflect.apply(it.watch, it, []),
      'the function that makes the request, got undefined',
    ],
  ])('says what it expects as %s', (option, call, expected) => {
    expect(() => call(reporter())).toThrow(`${option}: expected ${expected}.`);
  });
});
