import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitResetMs } from '../../lib/failures/limits.ts';
import {
  clamped,
  headerReader,
  numberIn,
  retryAfterBodyMs,
  retryAfterHeaderMs,
  retryAfterWordsMs,
  waitMs,
} from '../../lib/failures/retry-after.ts';
import { unwrap } from '../../lib/failures/unwrap.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');

const retryInfo = (retryDelay: unknown) => ({
  error: { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }] },
});

function retryAfterMs(headers: Record<string, string>, body: unknown): number | null {
  return retryAfterHeaderMs(headerReader(headers), NOW) ?? retryAfterBodyMs(body, NOW);
}

describe('the wait that an answer asks for', () => {
  it.each<[string, Record<string, string>, unknown, number | null]>([
    ['nothing', {}, null, null],
    ['milliseconds', { 'retry-after-ms': '1500' }, null, 1500],
    ['milliseconds before seconds', { 'retry-after-ms': '1500', 'retry-after': '60' }, null, 1500],
    ['seconds where the milliseconds are nonsense', { 'retry-after-ms': 'soon', 'retry-after': '60' }, null, 60_000],
    ['seconds', { 'retry-after': '20' }, null, 20_000],
    ['a part of a second', { 'retry-after': '0.25' }, null, 250],
    ['a date', { 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' }, null, 30_000],
    ['a date that has passed', { 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, null, 0],
    ['a date of the old forms', { 'retry-after': 'Tuesday, 24-Nov-26 12:00:30 GMT' }, null, 30_000],
    ['a duration', { 'retry-after': '7m12s' }, null, 432_000],
    ['seconds with their unit', { 'retry-after': '1.5s' }, null, 1500],
    ['seconds since 1970', { 'retry-after': '1795521630' }, null, 30_000],
    ['milliseconds since 1970', { 'retry-after': '1795521630000' }, null, 30_000],
    ['a name in capitals', { 'Retry-After': '20' }, null, 20_000],
    ['seconds where the milliseconds are empty', { 'retry-after-ms': '', 'retry-after': '30' }, null, 30_000],
    ['a field of the error', {}, { error: { retry_after: 12 } }, 12_000],
    ['a field of the error under another name', {}, { error: { retryAfter: '12' } }, 12_000],
    ['a field of the error that names its unit', {}, { error: { retry_after_seconds: 12 } }, 12_000],
    ['a field beside an error that is a text', {}, { error: 'busy', retry_after: 12 }, 12_000],
    ['a field of what is around the error', {}, { error: { metadata: { retry_after: 12 } } }, 12_000],
    ['a duration of the error', {}, { error: { retryDelay: '12s' } }, 12_000],
    ['a detail before the error', {}, { error: { details: [{}, { retry_after: 3 }], retry_after: 12 } }, 3000],
    ['the error before what is around it', {}, { error: { retry_after: 3, metadata: { retry_after: 12 } } }, 3000],
    ['what is around it before the body', {}, { error: { metadata: { retry_after: 3 } }, retry_after: 12 }, 3000],
    ['the duration before milliseconds', {}, { error: { retryDelay: '3s', retry_after_ms: 12 } }, 3000],
    ['milliseconds before seconds in the body', {}, { error: { retry_after_ms: 3, retry_after: 12 } }, 3],
    ['seconds before copied headers', {}, { error: { retry_after: 3, headers: { 'retry-after': '12' } } }, 3000],
    [
      'a copied Retry-After before when limits refill',
      {},
      { error: { headers: { 'retry-after': '3', 'x-ratelimit-reset': '12' } } },
      3000,
    ],
    ['copied headers that say when limits refill', {}, { error: { headers: { 'X-RateLimit-Reset': '12' } } }, 12_000],
    ['the 16th detail', {}, { error: { details: [...Array(15), { retry_after: 3 }] } }, 3000],
    ['no 17th detail', {}, { error: { details: [...Array(16), { retry_after: 3 }] } }, null],
    ['a field of the body', {}, { detail: 'x', retry_after_ms: 1500 }, 1500],
    ['a field in camel case', {}, { error: 'c', retryAfterSec: 23 }, 23_000],
    ['a field in whole words', {}, { code: 'c', retryAfterSeconds: 45 }, 45_000],
    ['when accounts are back', {}, { error: { code: 'c', reset_seconds: 79 } }, 79_000],
    ['when a plan is back', {}, { error: { type: 't', resets_in_seconds: 42 } }, 42_000],
    ['the time when a plan is back', {}, { error: { resets_at: NOW.getTime() / 1000 + 9 } }, 9000],
    ["a gateway's copy of the headers", {}, { error: { metadata: { headers: { 'Retry-After': '9' } } } }, 9000],
    ['what is no date', { 'retry-after': 'in 5 minutes' }, null, null],
    ['Google: seconds in the body', {}, retryInfo('17s'), 17_000],
    ['Google: a part of a second', {}, retryInfo('0.5s'), 500],
    ['Google: in an array', {}, [retryInfo('3s')], 3000],
    ['Google: what is no duration', {}, retryInfo(17), null],
    ['seconds before those in the body', { 'retry-after': '2' }, retryInfo('17s'), 2000],
    ['a negative wait', { 'retry-after': '-5' }, null, 0],
    ['P9: more than an hour', { 'retry-after': '86400' }, null, 3_600_000],
    ['P9: far more than an hour', { 'retry-after': '9'.repeat(400) }, null, 3_600_000],
  ])('is read from %s', (_, headers, body, expected) => {
    expect(retryAfterMs(headers, body)).toBe(expected);
  });

  it('P9: is null or an integer from 0 to an hour, for any headers', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (ms, seconds) => {
        const wait = retryAfterMs({ 'retry-after-ms': ms, 'retry-after': seconds }, null) ?? 0;
        expect(Number.isInteger(wait) && wait >= 0 && wait <= 3_600_000).toBe(true);
      }),
    );
  });
});

describe('the wait until limits refill', () => {
  it.each<[string, Record<string, string>, number | null]>([
    ['nothing', {}, null],
    ['a duration', { 'x-ratelimit-reset-requests': '6m0s' }, 360_000],
    ['a duration in milliseconds', { 'x-ratelimit-reset-requests': '12ms' }, 12],
    ['a duration of several units', { 'x-ratelimit-reset-tokens': '1m2.5s' }, 62_500],
    ['seconds, as Azure has them', { 'x-ratelimit-reset-tokens': '10' }, 10_000],
    ['a time, as Anthropic has it', { 'anthropic-ratelimit-tokens-reset': '2026-11-24T12:00:10Z' }, 10_000],
    ['the first of several', { 'x-ratelimit-reset-requests': '5s', 'x-ratelimit-reset-tokens': '9s' }, 5000],
    [
      'the one that is used up',
      { 'x-ratelimit-reset-requests': '5s', 'x-ratelimit-reset-tokens': '9s', 'x-ratelimit-remaining-tokens': '0' },
      9000,
    ],
    [
      'the one of Anthropic that is used up',
      {
        'anthropic-ratelimit-requests-reset': '2026-11-24T12:00:01Z',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-24T12:00:42Z',
      },
      42_000,
    ],
    [
      'Anthropic before the others',
      { 'anthropic-ratelimit-tokens-reset': '2026-11-24T12:00:10Z', 'x-ratelimit-reset-tokens': '1s' },
      10_000,
    ],
    ['what is no duration', { 'x-ratelimit-reset-tokens': 'soon' }, null],
    [
      'one beside what is no duration',
      { 'x-ratelimit-reset-tokens': 'soon', 'x-ratelimit-reset-requests': '5s' },
      5000,
    ],
    ['a limit without a name', { 'x-ratelimit-reset': '7s', 'x-ratelimit-reset-tokens': '9s' }, 7000],
    [
      'a limit without a name that is used up',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9s', 'x-ratelimit-reset-tokens': '7s' },
      9000,
    ],
    [
      'the last of those that are used up',
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '5s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '9s',
      },
      9000,
    ],
    [
      'the first where something is left of all',
      {
        'x-ratelimit-remaining-requests': '1',
        'x-ratelimit-reset-requests': '5s',
        'x-ratelimit-remaining-tokens': '12',
        'x-ratelimit-reset-tokens': '9s',
      },
      5000,
    ],
    ['no other header of the limits', { 'x-ratelimit-limit-tokens': '5', 'x-ratelimit-remaining-tokens': '5' }, null],
    ['no header of another name', { 'y-ratelimit-reset-tokens': '5', 'x-ratelimit-resetting': '5' }, null],
    ['P9: more than an hour', { 'x-ratelimit-reset-tokens': '2h' }, 3_600_000],
    ['no header of another kind', { 'tokens-reset': '5s', reset: '5s' }, null],
    ['an empty duration', { 'x-ratelimit-reset-tokens': '' }, null],
  ])('is read from %s', (_, headers, expected) => {
    expect(limitResetMs(headerReader(headers), Object.keys(headers), NOW)).toBe(expected);
  });
});

describe('the wait that a message asks for', () => {
  it.each<[string, number | null]>([
    ['Please try again in 7m12.5s. Visit the page', 432_500],
    ['Please try again in 20ms.', 20],
    ['Please retry after 23 seconds.', 23_000],
    ['Try again in 5 minutes', 300_000],
    ['try again in 1 hour, 2 minutes', 3_720_000],
    ['Please retry in 17.25s.', 17_250],
    ['Try again in 500 milliseconds', 500],
    ['Please try again later.', null],
    ['The limit resets in 5m', 300_000],
    ['It will reset in ~5m', 300_000],
    ['Please wait 6 seconds', 6000],
    ['Wait for 2m', 120_000],
    ['Try again in May', null],
    ['Try again in 5', null],
    ['Try again within 5s', null],
    ['Try again in 1234567s', null],
    ['TRY AGAIN AFTER 5 S', 5000],
    ['Try again in 123456 milliseconds', 123_456],
    ['Try again in 1.123456789s', 1124],
    ['Try again in 1.1234567891s', null],
    ['Try again in 1 h 2 m, 3 s 4ms', 3_600_000],
    ['Try again in 1m1s1s1s1s1s1s', 64_000],
    ['Try again in 0.1 days', 3_600_000],
  ])('is read from %j', (message, expected) => {
    const wait = retryAfterWordsMs(unwrap({ error: { message } }));
    expect(wait).toBe(expected === null ? null : Math.min(expected, 3_600_000));
  });
});

describe('a field of a body', () => {
  it.each([
    ...['retry_after', 'retryAfter', 'RETRYAFTER', 'retry_after_s', 'retry_after_sec', 'retry_after_seconds'],
    ...['retryAfterS', 'retryAfterSeconds', 'reset_seconds', 'resets_in_seconds', 'resetsInSeconds', 'resetseconds'],
    ...['reset_in_seconds', 'reset_at', 'resets_at', 'resetAt', 'resetsat'],
  ])('%s is in seconds, or a time', (field) => {
    expect(retryAfterBodyMs({ error: { [field]: 3 } }, NOW)).toBe(3000);
    expect(retryAfterBodyMs({ error: { [field]: '2026-11-24T12:00:03Z' } }, NOW)).toBe(3000);
  });

  it.each(['retry_after_ms', 'retryAfterMs', 'retryafterms'])('%s is in milliseconds', (field) => {
    expect(retryAfterBodyMs({ error: { [field]: 3 } }, NOW)).toBe(3);
  });

  it.each([
    ...['my_retry_after', 'retry_after_all', 'preset_at', 'resets_attempts', 'reset_seconds_ago'],
    ...['my_retry_after_ms', 'retry_after_msg', 'myretryDelay', 'retryDelays'],
  ])('%s says nothing', (field) => {
    expect(retryAfterBodyMs({ error: { [field]: '3' } }, NOW)).toBeNull();
    expect(retryAfterBodyMs({ error: { [field]: '3s' } }, NOW)).toBeNull();
  });
});

describe('a number in a header', () => {
  it.each([
    ['5', 5],
    [' 5\t', 5],
    ['-5', -5],
    ['12.25', 12.25],
    ['', null],
    ['5.', null],
    ['.5', null],
    ['5x', null],
    ['x5', null],
    ['5 5', null],
    ['1e3', null],
    [null, null],
  ])('of %j is %j', (text, number) => {
    expect(numberIn(text)).toBe(number);
  });
});

describe('a wait in a header', () => {
  const NOW_S = NOW.getTime() / 1000;

  it.each<[string | null, number | null]>([
    [null, null],
    ['1000000000', 1_000_000_000_000],
    ['1000000001', (1_000_000_001 - NOW_S) * 1000],
    ['9999999999', (9_999_999_999 - NOW_S) * 1000],
    ['10000000000', 10_000_000_000_000],
    ['1000000000000', 1_000_000_000_000_000],
    ['1000000000001', 1_000_000_000_001 - NOW.getTime()],
    ['9999999999999', 9_999_999_999_999 - NOW.getTime()],
    ['10000000000000', 10_000_000_000_000_000],
    [' 1d2h3m4s5ms ', 93_784_005],
    ['123456789.125000000ms', 123_456_789.125],
    ['1234567890s', null],
    ['1.1234567890s', null],
    ['6m0sx', null],
    ['in 6m', null],
    ['5 m', null],
    ['.5s', null],
    ['s', null],
    [' Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    ['Tue Nov 24 2026 12:00:30 GMT', 30_000],
    ['2026-11-24T12:00:30Z', 30_000],
    ['2026-11-24', null],
    ['Tuesday, November 24, 2026 12:00:30 GMT', 30_000],
    ['on Tue, 24 Nov 2026 12:00:30 GMT', null],
    ['1 Tue, 24 Nov 2026 12:00:30 GMT', null],
    ['Tue, 24 Nov 2026 12:00:30 GMT'.padEnd(64), 30_000],
    ['Tue, 24 Nov 2026 12:00:30 GMT'.padEnd(65), null],
    ['Tue, nothing', null],
  ])('of %j is %j', (text, ms) => {
    expect(waitMs(text, NOW)).toBe(ms);
  });

  it.each([
    [null, null],
    [Number.NaN, null],
    [-1, 0],
    [0.2, 1],
    [3_600_001, 3_600_000],
  ])('of %j milliseconds is taken for %j', (ms, taken) => {
    expect(clamped(ms)).toBe(taken);
  });
});

describe('the reader of headers', () => {
  it.each([
    ['a Headers', new Headers({ 'Retry-After': '5' })],
    ['an object', { 'Retry-After': '5' }],
    ['lists', { 'retry-after': ['5', '6'] }],
    ['numbers', { 'retry-after': 5 }],
    ['a map', new Map([['retry-after', '5']])],
  ])('takes %s', (_, held) => {
    expect(headerReader(held)('retry-after')).toBe('5');
  });

  it.each([null, undefined, 'text', 5, []])('takes %j for none', (held) => {
    expect(headerReader(held)('retry-after')).toBeNull();
  });
});
