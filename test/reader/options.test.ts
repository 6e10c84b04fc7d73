/** A reader and a failover refuse wrong options at once, and name them. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createHealthReader,
  createReporter,
  ReaderError,
  type ReaderOptions,
  withFailover,
} from '../../lib/reader/index.ts';

afterEach(() => vi.unstubAllEnvs());

const table = { tableName: 'provider-health', providers: ['alpha'] };
const http = { url: 'https://health.example.com', auth: { type: 'none' }, providers: ['alpha'] };

/** Also what types refuse: JavaScript programs have none. */
function make(options: unknown): () => unknown {
  // A reader that can be made begins to read, and here nothing answers: the log of that is not what is tested.
  const quiet = { onProblem: () => {}, ...(options as ReaderOptions) };
  return () => createHealthReader(quiet);
}

describe('making a reader', () => {
  it.each([
    ['providers', { tableName: 'provider-health' }],
    ['providers', { ...table, providers: [] }],
    ['providers', { ...table, providers: 'alpha' }],
    ['providers', { ...table, providers: ['alpha', 'alpha'] }],
    ['providers', { ...table, providers: ['Alpha!'] }],
    ['providers', { ...table, providers: [undefined] }],
    ['tableName', { ...table, tableName: '' }],
    ['tableName', { ...table, tableName: 'a b' }],
    ['tableName', { providers: ['alpha'] }],
    ['cacheSeconds', { ...table, cacheSeconds: 0 }],
    ['cacheSeconds', { ...table, cacheSeconds: '5' }],
    ['cacheSeconds', { ...table, cacheSeconds: Number.NaN }],
    ['budgetMs', { ...table, budgetMs: -1 }],
    ['budgetMs', { ...table, budgetMs: 60_000 }],
    ['whenStale', { ...table, whenStale: 'ignore' }],
    ['whenstale', { ...table, whenstale: 'last-known' }],
    ['region', { ...http, region: 'eu-central-1' }],
    ['tableName', { ...http, tableName: 'provider-health' }],
    ['auth', { ...table, auth: { type: 'none' } }],
    ['auth.type', { ...http, auth: undefined }],
    ['auth.type', { ...http, auth: { type: 'basic' } }],
    ['auth.token', { ...http, auth: { type: 'bearer', token: '' } }],
    ['url', { ...http, url: 'health.example.com' }],
    ['url', { ...http, url: 'ftp://health.example.com' }],
    ['url', { ...http, url: 'https://health.example.com/?stage=prod' }],
    ['url', { ...http, url: 'https://user:secret@health.example.com' }],
    ['url', { ...http, url: 'http://health.example.com', auth: { type: 'bearer', token: 'secret' } }],
    ['url', { ...http, url: 'http://127.0.0.1.example.com', auth: { type: 'iam' } }],
  ])('says what is wrong with %s in %j', (option, options) => {
    vi.stubEnv('PROVIDER_HEALTH_TABLE_NAME', undefined);
    const error = caught(make(options));
    expect(error).toBeInstanceOf(ReaderError);
    expect(error).toMatchObject({ name: 'ReaderError', code: 'bad_option', option });
    expect(String(error)).toMatch(/expected .+, got /);
    expect(String(error)).not.toContain('secret');
  });

  it.each([
    ['http without anything secret', { ...http, url: 'http://health.example.com' }],
    ['a token on loopback', { ...http, url: 'http://localhost:3000', auth: { type: 'bearer', token: 'a' } }],
    ['a URL object with a stage', { ...http, url: new URL('https://abc.example.com/prod/') }],
    ['the ARN of a table', { ...table, tableName: 'arn:aws:dynamodb:eu-central-1:123456789012:table/provider-health' }],
    ['every option', { ...table, cacheSeconds: 300, budgetMs: 0, whenStale: 'last-known', region: 'eu-central-1' }],
  ])('takes %s', (_, options) => {
    expect(make(options)).not.toThrow();
  });

  it('takes the table from the variable that the stack sets', () => {
    vi.stubEnv('PROVIDER_HEALTH_TABLE_NAME', 'provider-health');
    expect(make({ providers: ['alpha'] })).not.toThrow();
  });
});

describe('what is wrong with the options of a reader', () => {
  it.each([
    [undefined, 'options: expected an object with `providers`, got undefined.'],
    [{ ...table, providers: [] }, /got none\.$/],
    [{ ...table, providers: ['alpha', 'alpha'] }, /got an id twice\.$/],
    [{ ...table, providers: ['Alpha!'] }, /got an invalid id/],
    [{ ...http, tableName: 'a-table' }, /^tableName: expected no such option beside `url`, got one\.$/],
    [{ ...table, source: () => {} }, /^tableName: expected no such option beside `source`, got one\.$/],
    [{ ...table, auth: { type: 'none' } }, /^auth: expected no such option without `url`, got one\.$/],
    [
      { ...http, url: 'localhost:3000' },
      /^url: expected an https URL .*, got string without https:\/\/ or http:\/\/ with auth none\.$/,
    ],
    [{ ...http, url: 5 }, /, got number without https:\/\/ /],
    [
      { ...http, url: 'http://health.example.com/path', auth: { type: 'iam' } },
      /, got http:\/\/health\.example\.com with auth iam\.$/,
    ],
    [
      { ...http, url: 'https://user:secret@health.example.com/?key=secret' },
      /, query and fragment, .*, got https:\/\/health\.example\.com and such a part with auth none\.$/,
    ],
    [{ ...http, urll: 'x' }, /^urll: expected providers or .* or url or auth, got another option\.$/],
  ])('is said of %j', (options, message) => {
    expect(() => createHealthReader(options as ReaderOptions)).toThrow(message);
  });
});

describe('making a failover', () => {
  const attempt = vi.fn(() => 1);
  const reader = createHealthReader({
    source: () => async () => ({ statuses: [], unreadable: [] }),
    onProblem: () => {},
    providers: ['alpha'],
  });

  it.each([
    ['attempt', { providers: ['alpha'] }],
    ['providers', { attempt }],
    ['providers', { attempt, providers: [] }],
    ['deadlineMs', { attempt, providers: ['alpha'], deadlineMs: -1 }],
    ['hedgeAfterMs', { attempt, providers: ['alpha'], hedgeAfterMs: 'soon' }],
    ['maxAttempts', { attempt, providers: ['alpha'], maxAttempts: 0 }],
    ['hedgeAfter', { attempt, providers: ['alpha'], hedgeAfter: 2000 }],
    ['options', undefined],
    ['only', { attempt, reader, only: 'alpha' }],
    ['only', { attempt, providers: ['alpha'], only: ['alpha'] }],
    ['strategy', { attempt, reader, strategy: 'bset' }],
    ['onyl', { attempt, reader, onyl: ['alpha'] }],
    ['providers', { attempt, reader, providers: ['alpha'] }],
    ['reader', { attempt, reader: {} }],
    ['signal', { attempt, reader, signal: 5 }],
    ['memory', { attempt, reader, memory: {} }],
    ['clock', { attempt, reader, clock: {} }],
  ])('says what is wrong with %s', async (option, options) => {
    await expect(withFailover(options as Parameters<typeof withFailover>[0])).rejects.toMatchObject({
      name: 'ReaderError',
      option,
    });
    expect(attempt).not.toHaveBeenCalled();
  });
});

describe('making a reporter', () => {
  it.each([
    ['options', undefined],
    ['providers', { ...table }],
    ['onproblem', { tableName: 'provider-health', onproblem: () => {} }],
    ['onProblem', { tableName: 'provider-health', onProblem: 'log' }],
    ['region', { url: http.url, auth: http.auth, region: 'eu-central-1' }],
    ['clock', { tableName: 'provider-health', clock: {} }],
  ])('says what is wrong with %s', (option, options) => {
    const error = caught(() => createReporter(options as never));
    expect(error).toMatchObject({ name: 'ReaderError', option });
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
