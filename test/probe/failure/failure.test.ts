import { describe, expect, it } from 'vitest';
import type { Category } from '../../../lib/health/category.ts';
import { readFailureBody } from '../../../lib/probe/failure/body.ts';
import { failedAnswer } from '../../../lib/probe/failure/failure.ts';
import { categoryOfStatus } from '../../../lib/probe/failure/status.ts';
import { OPENAI_FAILURES, XAI_FAILURES } from '../../../lib/probe/failure/tables.ts';

describe('a status alone', () => {
  it.each<[Category | null, readonly number[]]>([
    ['auth', [401, 403, 407]],
    ['quota', [402]],
    ['rate_limited', [429]],
    ['overloaded', [503, 529]],
    ['server_error', [500, 501, 502, 424, 409, 520, 521, 522, 523, 505, 599]],
    ['model_not_found', [404, 410]],
    ['bad_request', [400, 405, 411, 413, 414, 415, 422, 431, 412, 418, 498]],
    ['timeout', [408, 504, 524]],
    ['redirect', [300, 301, 302, 303, 304, 307, 308]],
    ['invalid_response', [100, 199, 600, 999]],
    [null, [200, 201, 204, 299]],
  ])('is %s for %j', (category, statuses) => {
    expect(statuses.map(categoryOfStatus)).toEqual(statuses.map(() => category));
  });
});

describe('the body of a failure', () => {
  it.each<[unknown, readonly string[], string]>([
    [{ error: { message: 'm', type: 't', code: 'c', param: null } }, ['c', 't'], 'm'],
    [{ type: 'error', error: { type: 't', message: 'm' } }, ['t', 'error'], 'm'],
    [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'm' } }, ['429', 'RESOURCE_EXHAUSTED'], 'm'],
    [{ error: { message: 'm', details: [{ reason: 'API_KEY_INVALID' }] } }, ['API_KEY_INVALID'], 'm'],
    [{ error: { message: 'm', details: { error_code: 'e' } } }, ['e'], 'm'],
    [[{ error: { code: 503, message: 'm' } }], ['503'], 'm'],
    [{ error: 'm' }, [], 'm'],
    [{ code: 'c', error: 'm' }, ['c'], 'm'],
    [{ message: 'm' }, [], 'm'],
    [{ object: 'error', message: 'm', type: 't', code: 404 }, ['404', 't'], 'm'],
    [{ detail: 'm' }, [], 'm'],
    [{ detail: [{ loc: ['body'], msg: 'm' }] }, [], 'm'],
    [{ code: 'c', message: 'm', request_id: 'r' }, ['c'], 'm'],
    [{ status: 402, title: 't', detail: 'm' }, ['402'], 'm'],
    [{ base_resp: { status_code: 1004, status_msg: 'm' } }, ['1004'], 'm'],
    [{ __type: 'com.amazon.coral#ThrottlingException', message: 'm' }, ['ThrottlingException'], 'm'],
    [{ error: { code: null, message: null } }, [], '{"error":{"code":null,"message":null}}'],
    [null, [], 'null'],
    ['m', [], 'm'],
  ])('is understood in the shape %j', (body, codes, message) => {
    expect(readFailureBody(JSON.stringify(body))).toEqual({ codes, message });
  });

  it('is told by its title when it is HTML, and by its beginning when it is none of all', () => {
    expect(readFailureBody('<!doctype html><title>Bad &amp; gone</title>').message).toBe(
      'an HTML page "Bad &amp; gone"',
    );
    expect(readFailureBody('<html></html>').message).toBe('an HTML page');
    expect(readFailureBody(' upstream connect error ').message).toBe('upstream connect error');
    expect(readFailureBody('').message).toBe('an empty body');
    expect(readFailureBody('x'.repeat(10_000)).message).toHaveLength(500);
  });
});

describe('the order of classification', () => {
  const failed = (statusCode: number, body: unknown, headers: Record<string, string> = {}, table = OPENAI_FAILURES) =>
    failedAnswer(
      { statusCode, headers, body: JSON.stringify(body), receivedAt: new Date(0) },
      table,
      'a chat completion',
      null,
    );

  it('takes a redirect for one whatever its body says', () => {
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
    expect(failed(400, body, {}, XAI_FAILURES).category).toBe('auth');
    expect(failed(500, body, {}, XAI_FAILURES).category).toBe('server_error');
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
