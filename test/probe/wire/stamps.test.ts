import { describe, expect, test } from 'vitest';
import { responseTimeMs, Trace, timingsOf, tokensPerSecond } from '../../../lib/probe/wire/stamps.ts';

function trace(fields: Partial<Trace>): Trace {
  return Object.assign(new Trace({ unreadMs: () => 0 }), { startedAt: 1000, ...fields });
}

const WHOLE = {
  lookedUpAt: 1002.04,
  connectedAt: 1012,
  securedAt: 1042,
  // 100 ms at the gate: our own waiting, which no measure counts.
  writtenAt: 1142,
  statusAt: 1400,
  firstTokenAt: 1450,
  lastTokenAt: 1500,
  endedAt: 1542.6,
};

describe('P9: the response time', () => {
  test.each([
    ['is request written to the end', WHOLE, 401],
    ['of a failure after the request was written is counted from there', { ...WHOLE, endedAt: 1150 }, 8],
    ['of a failure before is counted from the start', { lookedUpAt: 1002, endedAt: 1010.4 }, 10],
    ['is never below 0', { writtenAt: 1000.6, endedAt: 1000.5 }, 0],
    ['is 0 when nothing happened', {}, 0],
  ] satisfies [string, Partial<Trace>, number][])('%s', (_what, fields, expected) => {
    expect(Object.is(responseTimeMs(trace(fields)), expected)).toBe(true);
  });
});

describe('the timings', () => {
  test('are the phases, and in all everything but our own waiting', () => {
    expect(timingsOf(trace(WHOLE))).toEqual({
      dnsMs: 2,
      connectMs: 10,
      tlsMs: 30,
      firstByteMs: 258,
      firstTokenMs: 308,
      totalMs: 442.6,
    });
  });

  test('of a literal address have no look-up', () => {
    expect(timingsOf(trace({ connectedAt: 1003, writtenAt: 1003, endedAt: 1010 }))).toMatchObject({
      dnsMs: null,
      connectMs: 3,
      tlsMs: null,
      totalMs: 10,
    });
  });

  test('of a failed probe are null from where it failed', () => {
    expect(timingsOf(trace({ lookedUpAt: 1001, connectedAt: 1004, endedAt: 1100 }))).toEqual({
      dnsMs: 1,
      connectMs: 3,
      tlsMs: null,
      firstByteMs: null,
      firstTokenMs: null,
      totalMs: 100,
    });
  });
});

describe('tokens a second', () => {
  test.each([
    ['are those after the first, from the first to the last', 11, WHOLE, 200],
    ['are null for one token', 1, WHOLE, null],
    ['are null when all came at once', 11, { ...WHOLE, lastTokenAt: WHOLE.firstTokenAt }, null],
    ['are null without a stream', 11, {}, null],
  ] satisfies [string, number, Partial<Trace>, number | null][])('%s', (_what, tokens, fields, expected) => {
    expect(tokensPerSecond(trace(fields), tokens)).toBe(expected);
  });
});

test('the worst of the moments that were timed bounds how long the answer may have lain unread', () => {
  const bounds = [3, 9, 2];
  const measured = new Trace({ unreadMs: () => bounds.shift() ?? 0 });
  measured.token();
  measured.token();
  measured.end();
  measured.end();
  expect(measured.unreadMs).toBe(9);
  expect(bounds).toEqual([2]);
});
