import { describe, expect, it } from 'vitest';
import { SPECIAL_ADVICE } from '../../../lib/failures/advice.ts';
import type { Category } from '../../../lib/health/category.ts';
import type { ProviderType } from '../../../lib/health/provider.ts';
import { failedAnswer } from '../../../lib/probe/failure/failure.ts';

const asked = { url: 'https://example.com/v1/chat/completions', expected: 'a chat completion' };

function failed(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
  type: ProviderType = 'openai',
  known?: { category: Category; because: string },
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return failedAnswer({ statusCode, headers, body: text, receivedAt: new Date(0) }, { ...asked, type }, 'id', known);
}

describe('the order of classification', () => {
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

  it.each([300, 399])('takes a %i for a redirect with any body', (status) => {
    expect(failed(status, { error: { code: 'invalid_api_key' } }).category).toBe('redirect');
  });

  it('takes a body of nothing for a page that is not there', () => {
    expect(failed(404, '').category).toBe('config');
    expect(failed(404, ' \n').category).toBe('config');
  });

  it('takes only a status from 300 to 399 for a redirect', () => {
    expect([299, 300, 399, 400].map((status) => failed(status, '').category)).toEqual([
      'invalid_response',
      'redirect',
      'redirect',
      'bad_request',
    ]);
  });

  it('takes a code in the header of AWS as one in the body, and without what stands behind it', () => {
    const named = { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/' };
    const message = 'Too many tokens per day, please wait before trying again.';
    expect(failed(429, { message }, named, 'bedrock')).toMatchObject({
      category: 'quota',
      errorMessage: `HTTP 429 ThrottlingException: ${message}`,
    });
    expect(failed(400, {}, named, 'bedrock').errorMessage).toBe('HTTP 400: {}');
    expect(failed(400, '', named, 'bedrock').errorMessage).toBe('HTTP 400 ThrottlingException: an empty body');
  });

  it('takes a limit without a hint for money at Claude, whose limits of a minute always have one', () => {
    expect(failed(429, {}, {}, 'claude').category).toBe('quota');
    expect(failed(429, {}, {}, 'openai').category).toBe('rate_limited');
    expect(failed(503, {}, {}, 'claude').category).toBe('overloaded');
    expect(failed(429, {}, { 'retry-after': '3' }, 'claude').category).toBe('rate_limited');
    const resets = { 'anthropic-ratelimit-tokens-reset': '1970-01-01T00:00:09Z' };
    expect(failed(429, {}, resets, 'claude').category).toBe('rate_limited');
  });
});

describe('a limit that refills only after an hour', () => {
  const HOUR = { 'retry-after': '3600' };
  const SAID = { error: { message: 'too many requests' } };

  it('is an allowance, with the advice to wait', () => {
    const allowance = { category: 'quota', retryAfterMs: 3_600_000, advice: SPECIAL_ADVICE.wait };
    expect(failed(429, SAID, HOUR)).toMatchObject(allowance);
    expect(failed(429, { error: { message: 'Please try again in 60m' } })).toMatchObject(allowance);
    expect(failed(429, 'Quota exceeded', HOUR)).toMatchObject(allowance);
  });

  it.each([
    ['a shorter one', 429, SAID, { 'retry-after': '3599' }, 'rate_limited'],
    ['one that says nothing of its end', 429, SAID, {}, 'rate_limited'],
    ['a page', 429, '<html>wait</html>', HOUR, 'rate_limited'],
    ['a page that a gateway hands on', 429, { error: { message: '<html>wait</html>' } }, HOUR, 'rate_limited'],
    ['nothing', 429, '', HOUR, 'rate_limited'],
    ['a text of a server in its place', 429, 'Too many requests', HOUR, 'rate_limited'],
    ['another failure', 503, SAID, HOUR, 'overloaded'],
  ])('is none where it is %s', (_, status, body, headers: Record<string, string>, category) => {
    expect(failed(status, body, headers).category).toBe(category);
  });
});

describe('the wait that is heeded', () => {
  const RESETS = { 'x-ratelimit-reset-requests': '12ms' };
  const WORDS = { error: { message: 'Please try again in 5s' } };
  const FIELD = { error: { retry_after: 7 } };

  it.each<[string, number, unknown, Record<string, string>, number | null]>([
    ['a header, of any failure', 401, {}, { 'retry-after': '5' }, 5000],
    ['a field of the body, of any failure', 401, FIELD, {}, 7000],
    ['a header before a field of the body', 429, FIELD, { 'retry-after': '5' }, 5000],
    ['a field of the body before words and limits', 429, { error: { ...FIELD.error, ...WORDS.error } }, RESETS, 7000],
    ['words, of a failure that ends by itself', 429, WORDS, {}, 5000],
    ['words before limits', 429, WORDS, RESETS, 5000],
    ['no words of another failure', 401, WORDS, {}, null],
    ['when limits refill, of too many requests', 429, {}, RESETS, 12],
    ['when limits refill, of an overload', 503, {}, RESETS, 12],
    ['when limits refill, of an allowance', 402, {}, RESETS, 12],
    ['not when limits refill, of another failure', 401, {}, RESETS, null],
    ['not when limits refill, which a 200 says always', 200, { error: { code: 'rate_limit_exceeded' } }, RESETS, null],
  ])('is %s', (_, status, body, headers, expected) => {
    expect(failed(status, body, headers).retryAfterMs).toBe(expected);
  });
});

describe('the message of a failure', () => {
  const HTML = '<html><title>Sign in</title></html>';
  const relayed = (raw: object) => ({
    error: { code: 404, message: 'not ok', metadata: { provider_name: 'Some', raw } },
  });
  const RELAYED = relayed({ message: 'no m' });
  const MUTE = relayed({ code: '9' });
  const DETAILED = { error: { code: 404, message: 'not ok', details: { message: 'no m' } } };

  it.each<[string, number, unknown, Record<string, string>, string]>([
    [
      'where a redirect leads, and what to do',
      302,
      '',
      { location: 'https://a.example' },
      'HTTP 302 to https://a.example: redirects are not followed; give the final address as baseUrl',
    ],
    [
      'that a redirect leads nowhere',
      302,
      '',
      {},
      'HTTP 302 to nowhere: redirects are not followed; give the final address as baseUrl',
    ],
    ['the status, codes and words', 400, { error: { code: 'a', type: 'b', message: 'no' } }, {}, 'HTTP 400 a b: no'],
    ['what was expected, of an answer that is none', 200, {}, {}, 'expected a chat completion, got HTTP 200: {}'],
    [
      'what the provider behind a gateway says, where only the status decides',
      404,
      RELAYED,
      {},
      'HTTP 404: Some: no m',
    ],
    ['the gateway, where its provider says nothing', 404, MUTE, {}, 'HTTP 404: not ok'],
    ['the error with the status, where no provider is behind it', 404, DETAILED, {}, 'HTTP 404: not ok'],
    [
      'which address is not that of the API',
      404,
      HTML,
      {},
      'https://example.com/v1/chat/completions is not this API: correct baseUrl. HTTP 404: an HTML page "Sign in"',
    ],
  ])('says %s', (_, status, body, headers, message) => {
    expect(failed(status, body, headers)).toMatchObject({ errorMessage: message, requestId: 'id' });
  });

  it('has advice where the category does not say all', () => {
    const body = { error: { code: 'unsupported_country_region_territory', message: 'no' } };
    expect(failed(403, body).advice).toContain('Call from a country or region');
    expect(failed(401, {}).advice).toBeNull();
    expect(failed(200, { error: 'worker 7 exploded' }).advice).toContain('an error of its own');
    expect(failed(200, { output: 'hi' }).advice).toBeNull();
    expect(failed(302, { error: 'worker 7 exploded' }).advice).toBeNull();
  });

  it('is what something else than status and body shows, where that decides', () => {
    const body = { error: { code: 'unsupported_country_region_territory', message: 'no' } };
    expect(failed(403, body, {}, 'openai', { category: 'overloaded', because: 'finish reason error' })).toMatchObject({
      category: 'overloaded',
      fault: 'provider',
      errorMessage: 'expected a chat completion, got finish reason error',
      advice: null,
    });
  });
});
