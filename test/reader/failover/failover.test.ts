/** The failover: order, time, signals, hedging, memory, and what it says in the end. */

import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AttemptContext,
  createFailureMemory,
  FailoverError,
  type FailoverOptions,
  type FailureMemory,
  withFailover,
} from '../../../lib/reader/index.ts';
import { healthyStatus, unhealthyStatus } from '../../support/builders.ts';
import { gateway, type Id, type ReaderTable, startReaderTable, type TestClock, testClock } from '../support.ts';

const PROVIDERS = ['alpha', 'beta', 'gamma'] as const;
const KEY = 'sk-live-0123456789abcdefghij';

/** As an SDK throws it: with the key in the message. */
function httpError(status: number, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(`${status} for ${KEY}`), { status, headers: new Headers(headers) });
}

const down = () => Promise.reject(httpError(500));
const never = () => new Promise<never>(() => {});

type Script<T> = Partial<Record<Id, (context: AttemptContext) => T | Promise<T>>>;

let clock: TestClock;
let memory: FailureMemory;
let asked: string[];
let contexts: Map<string, AttemptContext>;

beforeEach(() => {
  clock = testClock();
  memory = createFailureMemory();
  asked = [];
  contexts = new Map();
});

/** A failover over scripted providers; one without a script answers with its own id. */
function over<T = string>(script: Script<T>, options: Partial<FailoverOptions<Id, T | string>> = {}) {
  return withFailover<Id, T | string>({
    providers: PROVIDERS,
    clock,
    memory,
    attempt: (provider: Id, context: AttemptContext) => {
      asked.push(provider);
      contexts.set(provider, context);
      return script[provider]?.(context) ?? provider;
    },
    ...options,
  } as FailoverOptions<Id, T | string>);
}

async function failureOf(promise: Promise<unknown>): Promise<FailoverError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FailoverError);
  return error as FailoverError;
}

describe('a failover', () => {
  it('asks the first, and no other when it answers', async () => {
    expect(await over({})).toEqual({ value: 'alpha', provider: 'alpha', failed: [], panic: false });
    expect(asked).toEqual(['alpha']);
    expect(clock.sleeping).toBe(0);
  });

  it('asks the next where one fails, and says which failed and why', async () => {
    const result = await over({ alpha: down, beta: () => Promise.reject(httpError(429, { 'retry-after': '3' })) });
    expect(result).toMatchObject({ value: 'gamma', provider: 'gamma' });
    expect(result.failed).toEqual([
      { provider: 'alpha', category: 'server_error', statusCode: 500, code: null, retryAfterMs: null, durationMs: 0 },
      { provider: 'beta', category: 'rate_limited', statusCode: 429, code: null, retryAfterMs: 3000, durationMs: 0 },
    ]);
    expect(asked).toEqual(PROVIDERS);
    expect([...contexts.values()].map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('takes an attempt that throws at once like one that rejects', async () => {
    const thrown = () => {
      throw httpError(503);
    };
    expect(await over<string>({ alpha: thrown })).toMatchObject({ provider: 'beta' });
  });

  it('takes an answer of fetch that is not ok for a failure', async () => {
    const result = await over<Response>({
      alpha: () => new Response('busy', { status: 503, headers: { 'retry-after': '1' } }),
      beta: () => new Response('fine'),
    });
    expect(result).toMatchObject({ provider: 'beta', failed: [{ category: 'overloaded', retryAfterMs: 1000 }] });
  });

  it.each([
    ['of a proxy', '<html><body>Welcome</body></html>', 'invalid_response'],
    ['of a firewall that asks for a browser', '<!DOCTYPE html><title>Just a moment...</title>', 'auth'],
  ])('takes a web page %s with a 200 for a failure', async (_, page, category) => {
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    const result = await over<Response>({
      alpha: () => new Response(page, { headers }),
      beta: () => new Response('{"choices":[]}', { headers: { 'content-type': 'application/json' } }),
    });
    expect(result).toMatchObject({ provider: 'beta', failed: [{ provider: 'alpha', category, statusCode: 200 }] });
  });

  it('takes an error object in a 200 for a failure, where the attempt reads the answer', async () => {
    const wrapped = { error: { message: 'Upstream overloaded', code: 529 }, user_id: 'user_1' };
    const result = await over<unknown>({ alpha: () => Response.json(wrapped).json(), beta: () => ({ choices: [] }) });
    expect(result).toMatchObject({
      provider: 'beta',
      failed: [{ provider: 'alpha', category: 'overloaded', statusCode: null }],
    });
  });

  it.each([
    ['has no message', { error: { code: 'none' } }],
    ['is null', { error: null, output: [] }],
    ['is beside a text', { error: { message: 'cut short' }, choices: [{ message: { content: 'yes' } }] }],
    [
      'is of a class of the program',
      new (class Result {
        error = { message: 'of its own' };
      })(),
    ],
  ])('hands on an object whose error %s', async (_, value) => {
    expect(await over<unknown>({ alpha: () => value })).toMatchObject({ value, provider: 'alpha', failed: [] });
  });

  it('hands on a web page, unread, to a program whose own rule says so', async () => {
    const page = new Response('<p>fine</p>', { headers: { 'content-type': 'text/html' } });
    const result = await over<Response>({ alpha: () => page }, { shouldFailOver: () => false });
    expect(result).toMatchObject({ value: page, provider: 'alpha', failed: [] });
    expect(await page.text()).toBe('<p>fine</p>');
  });

  it('hands on an answer of fetch that says that the request is wrong, as without a failover', async () => {
    const wrong = new Response('no such field', { status: 400 });
    const result = await over<Response>({ alpha: down, beta: () => wrong });
    expect(result).toMatchObject({ value: wrong, provider: 'beta', failed: [{ provider: 'alpha' }] });
    expect(await wrong.text()).toBe('no such field');
    expect(asked).toEqual(['alpha', 'beta']);
  });

  it('throws an error that no other provider would mend as it came', async () => {
    const wrong = httpError(400);
    await expect(over({ alpha: down, beta: () => Promise.reject(wrong) })).rejects.toBe(wrong);
    expect(asked).toEqual(['alpha', 'beta']);
  });

  it('asks shouldFailOver of the caller instead of its own', async () => {
    const wrong = httpError(400);
    const result = await over({ alpha: () => Promise.reject(wrong) }, { shouldFailOver: (error) => error === wrong });
    expect(result).toMatchObject({ provider: 'beta' });
    await expect(over({ alpha: down }, { shouldFailOver: () => false, memory: createFailureMemory() })).rejects.toThrow(
      '500',
    );
  });

  it('R3: says in its error what was tried and why each failed', async () => {
    const error = await failureOf(
      over({ alpha: down, beta: () => Promise.reject(httpError(401)), gamma: () => Promise.reject('what?') }),
    );
    expect(error).toMatchObject({ name: 'FailoverError', code: 'all_failed', notTried: [] });
    expect(error.attempts).toMatchObject([
      { provider: 'alpha', category: 'server_error', statusCode: 500 },
      { provider: 'beta', category: 'auth', statusCode: 401 },
      { provider: 'gamma', category: null, statusCode: null },
    ]);
    expect(error.message).toBe(
      'No provider answered. alpha: server_error (HTTP 500) after 0 ms; beta: auth (HTTP 401) after 0 ms; ' +
        'gamma: unknown error after 0 ms.',
    );
    expect(error.originalErrors()).toEqual([httpError(500), httpError(401), 'what?']);
  });

  it('K1: has nothing of a key in what a log can see of its error', async () => {
    const error = await failureOf(over({ alpha: down, beta: down, gamma: () => Promise.reject(new Error(KEY)) }));
    const seen = [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })];
    expect(seen.join('\n')).not.toContain(KEY.slice(0, 12));
  });

  it('tries no more than maxAttempts, and names the others', async () => {
    const error = await failureOf(over({ alpha: down, beta: down }, { maxAttempts: 2 }));
    expect(error.attempts.map(({ provider }) => provider)).toEqual(['alpha', 'beta']);
    expect(error).toMatchObject({ code: 'all_failed', notTried: ['gamma'] });
    expect(error.message).toContain('maxAttempts left out gamma.');
    expect(asked).toEqual(['alpha', 'beta']);
  });
});

describe('the time of a failover', () => {
  it('ends an attempt that does not answer, and aborts its signal', async () => {
    const result = over({ alpha: never }, { attemptTimeoutMs: 2000 });
    await clock.advance(1999);
    expect(asked).toEqual(['alpha']);
    await clock.advance(1);
    expect(await result).toMatchObject({
      provider: 'beta',
      failed: [{ provider: 'alpha', category: 'timeout', durationMs: 2000 }],
    });
    expect(contexts.get('alpha')).toMatchObject({ timeoutMs: 2000, signal: { aborted: true } });
    expect(contexts.get('alpha')?.signal.reason).toMatchObject({ name: 'TimeoutError' });
    expect(contexts.get('beta')?.signal.aborted).toBe(false);
    expect(clock.sleeping).toBe(0);
  });

  it('is over at its deadline, although attempts may take longer, and says which were not tried', async () => {
    const result = failureOf(over({ alpha: never, beta: never }, { attemptTimeoutMs: 2000, deadlineMs: 3000 }));
    await clock.advance(3000);
    const error = await result;
    expect(error).toMatchObject({ code: 'deadline', notTried: ['gamma'] });
    expect(error.attempts.map(({ provider, durationMs }) => [provider, durationMs])).toEqual([
      ['alpha', 2000],
      ['beta', 1000],
    ]);
    expect(error.message).toContain('No time for gamma.');
    expect(contexts.get('beta')?.timeoutMs).toBe(1000);
  });

  it('says that all failed when the deadline cuts the last attempt, because none is left to ask', async () => {
    const error = failureOf(over({ alpha: down, beta: down, gamma: never }, { deadlineMs: 3000 }));
    await clock.advance(3000);
    expect(await error).toMatchObject({ code: 'all_failed', notTried: [] });
  });

  it('starts no attempt with less time than an answer takes: it would only blame the provider', async () => {
    const result = failureOf(over({ alpha: never }, { attemptTimeoutMs: 2990, deadlineMs: 3000 }));
    await clock.advance(3000);
    expect(await result).toMatchObject({ code: 'deadline', notTried: ['beta', 'gamma'] });
    expect(asked).toEqual(['alpha']);
  });

  it('leaves nothing open of an attempt that answers too late', async () => {
    const late = gateway();
    let cancelled = false;
    const body = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    const result = over<Response>(
      { alpha: () => late.opened.then(() => new Response(body)) },
      { attemptTimeoutMs: 1000 },
    );
    await clock.advance(1000);
    expect(await result).toMatchObject({ provider: 'beta' });
    late.open();
    await expect.poll(() => cancelled).toBe(true);
  });

  it('does not abort an attempt that has answered: its body may yet be read', async () => {
    await over({});
    await clock.advance(120_000);
    expect(contexts.get('alpha')?.signal.aborted).toBe(false);
  });
});

describe("the caller's signal", () => {
  it('ends everything, with its reason', async () => {
    const caller = new AbortController();
    const reason = new Error('the user has left');
    const result = over({ alpha: never }, { signal: caller.signal });
    const outcome = expect(result).rejects.toBe(reason);
    await clock.untilSleeping();
    caller.abort(reason);
    await outcome;
    expect(asked).toEqual(['alpha']);
    expect(contexts.get('alpha')?.signal.aborted).toBe(true);
    expect(clock.sleeping).toBe(0);
  });

  it('that is aborted before asks no provider', async () => {
    const reason = new Error('never mind');
    await expect(over({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(asked).toEqual([]);
  });

  it('ends a stream too that was handed on', async () => {
    const caller = new AbortController();
    await over({}, { signal: caller.signal });
    caller.abort();
    expect(contexts.get('alpha')?.signal.aborted).toBe(true);
  });
});

describe('hedging', () => {
  it('asks the next while one keeps silent, takes the first answer and aborts the other', async () => {
    const answer = gateway();
    const result = over({ alpha: never, beta: () => answer.opened.then(() => 'quick') }, { hedgeAfterMs: 500 });
    await clock.advance(499);
    expect(asked).toEqual(['alpha']);
    await clock.advance(1);
    expect(asked).toEqual(['alpha', 'beta']);
    answer.open();
    expect(await result).toEqual({ value: 'quick', provider: 'beta', failed: [], panic: false });
    expect(contexts.get('alpha')?.signal.reason).toMatchObject({ name: 'AbortError' });
    expect(clock.sleeping).toBe(0);
  });

  it('does not hold against a provider that another was quicker', async () => {
    const result = over({ alpha: never }, { hedgeAfterMs: 500 });
    await clock.advance(500);
    await result;
    await over({});
    expect(asked).toEqual(['alpha', 'beta', 'alpha']);
  });

  it('takes the first provider where it answers after all', async () => {
    const answer = gateway();
    const result = over({ alpha: () => answer.opened.then(() => 'late'), beta: never }, { hedgeAfterMs: 500 });
    await clock.advance(500);
    answer.open();
    expect(await result).toMatchObject({ provider: 'alpha' });
    expect(contexts.get('beta')?.signal.aborted).toBe(true);
  });

  it('asks one more each time, until none is left', async () => {
    const result = failureOf(
      over({ alpha: never, beta: never, gamma: never }, { hedgeAfterMs: 500, attemptTimeoutMs: 2000 }),
    );
    await clock.advance(1000);
    expect(asked).toEqual(PROVIDERS);
    await clock.advance(2000);
    expect((await result).attempts).toHaveLength(3);
  });

  it('hands on an answer that says that the request is wrong, with the failures of the others', async () => {
    const [wrong, late] = [gateway(), gateway()];
    const answer = new Response('no such field', { status: 400 });
    const result = over<Response>(
      { alpha: () => wrong.opened.then(() => answer), beta: () => late.opened.then(down) },
      { hedgeAfterMs: 500 },
    );
    await clock.advance(500);
    wrong.open();
    await wrong.opened;
    await clock.advance(1);
    late.open();
    expect(await result).toMatchObject({ value: answer, provider: 'alpha', failed: [{ provider: 'beta' }] });
    expect(asked).toEqual(['alpha', 'beta']);
  });

  it('replaces a hedge that fails at once', async () => {
    const answer = gateway();
    const result = over(
      { alpha: never, beta: down, gamma: () => answer.opened.then(() => 'third') },
      { hedgeAfterMs: 500 },
    );
    await clock.advance(500);
    expect(asked).toEqual(PROVIDERS);
    answer.open();
    expect(await result).toMatchObject({ provider: 'gamma', failed: [{ provider: 'beta' }] });
  });

  it('waits for the one that is under way when another says that the request is wrong', async () => {
    const answer = gateway();
    const result = over(
      { alpha: () => answer.opened.then(() => 'fine'), beta: () => Promise.reject(httpError(400)) },
      { hedgeAfterMs: 500 },
    );
    await clock.advance(500);
    answer.open();
    expect(await result).toMatchObject({ value: 'fine', provider: 'alpha' });
    expect(asked).toEqual(['alpha', 'beta']);
  });
});

describe('what a failover remembers', () => {
  it('is who failed: it is tried last until the time is over', async () => {
    await over({ alpha: down });
    await over({});
    expect(asked).toEqual(['alpha', 'beta', 'beta']);
    await clock.advance(4999);
    await over({});
    await clock.advance(1);
    await over({});
    expect(asked).toEqual(['alpha', 'beta', 'beta', 'beta', 'alpha']);
  });

  it.each([1, 30, 3600])('R8: is as long as the provider says, and no longer: %d s', async (seconds) => {
    await over({ alpha: () => Promise.reject(httpError(429, { 'retry-after': `${seconds}` })) });
    await clock.advance(seconds * 1000 - 1);
    await over({});
    expect(asked.at(-1)).toBe('beta');
    await clock.advance(1);
    await over({});
    expect(asked.at(-1)).toBe('alpha');
  });

  it('is nothing with rememberMs 0', async () => {
    const limited = () => Promise.reject(httpError(429, { 'retry-after': '30' }));
    await over({ alpha: limited }, { rememberMs: 0 });
    await over({ alpha: limited }, { rememberMs: 0 });
    expect(asked).toEqual(['alpha', 'beta', 'alpha', 'beta']);
  });

  it('excludes no provider when all have failed', async () => {
    await failureOf(over({ alpha: down, beta: down, gamma: down }));
    expect(await over({})).toMatchObject({ provider: 'alpha' });
  });

  it('is forgotten when the provider answers', async () => {
    await failureOf(over({ alpha: down, beta: down, gamma: down }));
    await over({ alpha: down });
    await over({});
    expect(asked.slice(3)).toEqual(['alpha', 'beta', 'beta']);
  });

  it('is not a request that was wrong', async () => {
    await expect(over({ alpha: () => Promise.reject(httpError(400)) })).rejects.toThrow('400');
    await over({});
    expect(asked).toEqual(['alpha', 'alpha']);
  });
});

describe('a failover by a reader', () => {
  let table: ReaderTable;

  beforeAll(async () => {
    table = await startReaderTable();
  });

  beforeEach(() => table.reset());

  afterAll(() => table.close());

  it('R5: asks the best first, and one that is believed down last', async () => {
    await table.put(
      healthyStatus({ id: 'alpha' }, { responseTimeMs: 900 }),
      healthyStatus({ id: 'beta' }, { responseTimeMs: 100 }),
      unhealthyStatus({ id: 'gamma' }),
    );
    const { health: reader } = table.reader();
    const error = await failureOf(
      withFailover({
        reader,
        attempt: (provider) => {
          asked.push(provider);
          return down();
        },
      }),
    );
    expect(asked).toEqual(['beta', 'alpha', 'gamma']);
    expect(error).toMatchObject({ code: 'all_failed', notTried: [], panic: true });
  });

  it('R5: is answered by one that is wrongly believed down, and says that it went so far', async () => {
    await table.put(healthyStatus({ id: 'alpha' }), healthyStatus({ id: 'beta' }), unhealthyStatus({ id: 'gamma' }));
    const { health: reader } = table.reader();
    const result = await withFailover({ reader, attempt: (id) => (id === 'gamma' ? 'answer' : down()) });
    expect(result).toMatchObject({ value: 'answer', provider: 'gamma', panic: true });
    expect(result.failed.map(({ provider }) => provider)).toEqual(['alpha', 'beta']);
  });

  it('asks one that failed a moment ago before one that is believed down', async () => {
    await table.put(healthyStatus({ id: 'alpha' }), unhealthyStatus({ id: 'beta' }), unhealthyStatus({ id: 'gamma' }));
    const { health: reader } = table.reader();
    await failureOf(withFailover({ reader, maxAttempts: 1, attempt: down }));
    expect(await withFailover({ reader, attempt: (id) => id })).toMatchObject({ provider: 'alpha', panic: false });
  });

  it('R1: asks all in the given order when the table cannot be read', async () => {
    const { health: reader } = table.reader({ tableName: 'no-such-table' });
    const { provider } = await withFailover({ reader, attempt: (provider) => provider });
    expect(provider).toBe('gamma');
  });

  it('remembers who failed for the next call with the same reader, and not for another', async () => {
    const { health: reader } = table.reader();
    const { health: another } = table.reader();
    const first = await withFailover({ reader, attempt: (provider) => (provider === 'gamma' ? down() : provider) });
    expect(first.provider).toBe('alpha');
    expect((await withFailover({ reader, attempt: (provider) => provider })).provider).toBe('alpha');
    expect((await withFailover({ reader: another, attempt: (provider) => provider })).provider).toBe('gamma');
  });

  it('chooses by its selection, and says when that leaves none', async () => {
    const { health: reader } = table.reader();
    const only = await withFailover({ reader, only: ['beta'], attempt: (provider) => provider });
    expect(only.provider).toBe('beta');
    const error = await failureOf(withFailover({ reader, exclude: ['alpha', 'beta', 'gamma'], attempt: () => 1 }));
    expect(error).toMatchObject({ code: 'no_provider', attempts: [] });
  });
});
