import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitResetMs } from '../../lib/failures/limits.ts';
import {
  headerReader,
  retryAfterBodyMs,
  retryAfterHeaderMs,
  retryAfterWordsMs,
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
    ['a field of the body', {}, { detail: 'x', retry_after_ms: 1500 }, 1500],
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
    ['Try again in May', null],
  ])('is read from %j', (message, expected) => {
    const wait = retryAfterWordsMs(unwrap({ error: { message } }));
    expect(wait).toBe(expected === null ? null : Math.min(expected, 3_600_000));
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
