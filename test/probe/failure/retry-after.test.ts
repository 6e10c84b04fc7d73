import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitResetMs, retryAfterMs } from '../../../lib/probe/failure/retry-after.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');

const retryInfo = (retryDelay: unknown) => ({
  error: { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }] },
});

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
    expect(retryAfterMs(headers, body, NOW)).toBe(expected);
  });

  it('P9: is null or an integer from 0 to an hour, whatever the headers', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (ms, seconds) => {
        const wait = retryAfterMs({ 'retry-after-ms': ms, 'retry-after': seconds }, null, NOW) ?? 0;
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
    expect(limitResetMs(headers, NOW)).toBe(expected);
  });
});
