import { describe, expect, it } from 'vitest';
import { categoryOfStatus } from '../../../lib/failures/status.ts';
import type { Category } from '../../../lib/health/category.ts';
import type { ProviderType } from '../../../lib/health/provider.ts';
import { excerptOf } from '../../../lib/probe/failure/body.ts';
import { failedAnswer } from '../../../lib/probe/failure/failure.ts';

describe('a status alone', () => {
  it.each<[Category | null, readonly number[]]>([
    ['auth', [401, 403, 407]],
    ['quota', [402, 412]],
    ['rate_limited', [429]],
    ['overloaded', [503, 529]],
    ['server_error', [500, 501, 502, 424, 409, 520, 521, 522, 523, 505, 599]],
    ['model_not_found', [404, 410]],
    ['bad_request', [400, 405, 411, 413, 414, 415, 422, 431, 418, 498]],
    ['timeout', [408, 504, 524]],
    ['redirect', [300, 301, 302, 303, 304, 307, 308]],
    ['invalid_response', [100, 199, 600, 999]],
    [null, [200, 201, 204, 299]],
  ])('is %s for %j', (category, statuses) => {
    expect(statuses.map(categoryOfStatus)).toEqual(statuses.map(() => category));
  });
});

describe('a body that is no JSON', () => {
  it.each([
    ['<!doctype html><title>Bad &amp; gone</title>', 'an HTML page "Bad &amp; gone"'],
    ['<html></html>', 'an HTML page'],
    [' upstream connect error ', 'upstream connect error'],
    ['', 'an empty body'],
    ['x'.repeat(10_000), 'x'.repeat(500)],
  ])('%j is shown so that a person knows it again', (body, expected) => {
    expect(excerptOf(body)).toBe(expected);
  });
});

describe('the order of classification', () => {
  const failed = (
    statusCode: number,
    body: unknown,
    headers: Record<string, string> = {},
    type: ProviderType = 'openai',
  ) =>
    failedAnswer(
      { statusCode, headers, body: JSON.stringify(body), receivedAt: new Date(0) },
      { type, url: 'https://example.com/v1/chat/completions', expected: 'a chat completion' },
      null,
    );

  it('takes a redirect for one with any body', () => {
    expect(failed(302, { error: { code: 'invalid_api_key' } }).category).toBe('redirect');
  });

  it('takes a known code before the status', () => {
    expect(failed(500, { error: { code: 'insufficient_quota' } }).category).toBe('quota');
    expect(failed(403, { error: { code: 'model_not_found' } }).category).toBe('model_not_found');
  });

  it("takes a status in the body before the answer's own", () => {
    expect(failed(500, { error: { code: 429 } }).category).toBe('rate_limited');
    expect(failed(200, { error: { code: '503' } }).category).toBe('overloaded');
  });

  it('takes the status before a type that only repeats one', () => {
    expect(failed(401, { error: { type: 'invalid_request_error' } }).category).toBe('auth');
    expect(failed(200, { error: { type: 'invalid_request_error' } }).category).toBe('bad_request');
  });

  it('takes a message for a code only in an answer with its status', () => {
    const body = { error: 'Incorrect API key provided' };
    expect(failed(400, body, {}, 'xai').category).toBe('auth');
    expect(failed(500, body, {}, 'xai').category).toBe('server_error');
  });

  it('does not take a name that every object has for a code', () => {
    for (const code of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(failed(500, { error: { code } }).category).toBe('server_error');
    }
  });

  it('heeds when limits refill only where the failure is one of limits', () => {
    const headers = { 'x-ratelimit-reset-requests': '12ms' };
    expect(failed(401, {}, headers).retryAfterMs).toBeNull();
    expect(failed(429, {}, headers).retryAfterMs).toBe(12);
    expect(failed(401, {}, { 'retry-after': '5' }).retryAfterMs).toBe(5000);
  });
});
