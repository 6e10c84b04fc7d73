import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../lib/health/category.ts';
import type { HealthCheck } from '../../../lib/health/check.ts';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { itemSize } from '../../../lib/store/item-size.ts';
import { checkFromItem, checkItem } from '../../../lib/store/items/check-item.ts';
import type { Item } from '../../../lib/store/items/kinds.ts';
import { statusAttributes } from '../../../lib/store/items/status-attributes.ts';
import {
  briefStatusesFromItems,
  statusesFromItems,
  statusFromItem,
  statusItem,
} from '../../../lib/store/items/status-item.ts';
import { failedCheck, goodCheck, healthyStatus, minute, provider, START } from '../../support/builders.ts';

const WRITE_ID = 'AbCdEfGhIjKl';
const NOW = new Date(minute(60));

/** The most that lib/config lets through. */
const LONGEST = provider({
  id: 'x'.repeat(63),
  type: 'anthropic-compatible',
  model: 'm'.repeat(200),
  tags: Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(32, 't')),
});

/** Numbers with as many digits as a clock gives. */
const FINE_TIMINGS = {
  dnsMs: 12.345678901234,
  connectMs: 23.456789012345,
  tlsMs: 34.567890123456,
  firstByteMs: 456.78901234567,
  firstTokenMs: 567.89012345678,
  totalMs: 1234.5678901234,
};

function statusAfter(checks: readonly HealthCheck[], policy = LONGEST): ProviderStatus {
  let status = unknownStatus(policy, new Date(START));
  for (const check of checks) status = nextStatus(status, check, policy)?.status ?? status;
  return status;
}

const ofLongest = { provider: LONGEST.id, model: LONGEST.model, timings: FINE_TIMINGS };

describe('the size of items', () => {
  it('under 1 KB: a healthy status and its check, of a provider with long names and a long answer', () => {
    const policy = provider({
      id: 'anthropic-claude-production-eu-central-1',
      type: 'anthropic-compatible',
      model: 'anthropic.claude-haiku-4-5-20251001-v1:0',
      tags: ['production', 'europe', 'cheap'],
    });
    const checks = Array.from({ length: 30 }, (_, index) =>
      goodCheck({
        provider: policy.id,
        model: policy.model,
        timestamp: minute(index),
        responseTimeMs: 1234 + index,
        timings: FINE_TIMINGS,
        tokens: { input: 12, output: 2, estimated: true },
        requestId: 'req_011CSHoEeqs5C35K2UUqR7Fy',
        tokensPerSecond: 61.234567890123,
        trigger: 'manual',
        uncertain: true,
      }),
    );
    const status = { ...statusAfter(checks, policy), routingScore: 2 / 3, healthScore: 1 / 3 };
    expect(itemSize(statusItem(status, null, WRITE_ID))).toBeLessThan(1024);
    expect(itemSize(checkItem(checks[29] ?? goodCheck()))).toBeLessThan(1024);
  });

  it.each([
    ['in English', 'error '.repeat(60)],
    ['of 3 bytes a character', '語'.repeat(400)],
    ['of 4 bytes a character', '🦜'.repeat(400)],
    ['of what JSON escapes', '\u0001"\\'.repeat(200)],
  ])('S5: never above 4 KB, with every text as long as it can be and %s', (_, text) => {
    const first = { category: 'server_error', errorMessage: text, responseTimeMs: 12_345 } as const;
    const said = {
      attempts: 2,
      firstAttempt: first,
      requestId: text,
      tokensPerSecond: 12.345678901234,
    } as const;
    const longest = (index: number) =>
      failedCheck('invalid_response', {
        ...ofLongest,
        ...said,
        timestamp: minute(index * 7),
        model: 'o'.repeat(200),
        errorMessage: `${index}${text}`,
        responseTimeMs: 123_456,
        tokens: { input: 123_456, output: 123_456, estimated: true },
        retryAfterMs: 3_599_999,
        trigger: 'manual',
        probe: 'stream',
        uncertain: true,
        maintenance: true,
      });
    // Down, and up again, over and over: so that every list is full and the last transition is older than the check.
    const good = (index: number) =>
      goodCheck({ ...ofLongest, ...said, warning: text, timestamp: minute(index * 7), responseTimeMs: 98_765 });
    const checks = Array.from({ length: 60 }, (_, index) => (index % 6 < 4 ? longest(index) : good(index)));
    const failures = Object.fromEntries(CATEGORIES.map((category) => [category, 9999]));
    const full = {
      dayCounts: ['2026-02-28', '2026-03-01'].map((day) => ({ day, checks: 86_400, outages: 86_400, failures })),
      blacklistTimes: Array.from({ length: 10 }, (_, index) => minute(index)),
      drainUntil: minute(1),
      drainReason: text,
      maintenanceUntil: minute(1),
      maintenanceReason: text,
      flapping: true,
      tokenLimitReached: true,
      successRate: 1 / 3,
      routingScore: 1 / 3,
    };
    for (let length = 1; length <= checks.length; length++) {
      const status = statusAfter(checks.slice(0, length));
      const item = statusItem({ ...status, ...full }, 'reminder_due', WRITE_ID);
      expect(itemSize(item)).toBeLessThanOrEqual(4096);
      // It can still be understood.
      expect(statusFromItem(item).provider).toBe(LONGEST.id);
    }
    for (const check of checks) expect(itemSize(checkItem(check))).toBeLessThanOrEqual(4096);
  });
});

describe('a STATUS item', () => {
  it('has no attribute that docs/table.md does not describe', () => {
    const page = readFileSync(new URL('../../../docs/table.md', import.meta.url), 'utf8');
    const [, table = ''] = /## STATUS([\s\S]*?)\n## /.exec(page) ?? [];
    expect(statusAttributes().filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });

  it('has what other programs read in plain attributes', () => {
    const check = failedCheck('rate_limited', { timestamp: minute(1), responseTimeMs: 50 });
    const status = statusAfter([goodCheck(), check], provider({ tags: ['eu'] }));
    expect(statusItem(status, 'transition', WRITE_ID)).toMatchObject({
      pk: 'STATUS',
      sk: 'alpha',
      v: 1,
      version: 3,
      notice: 'transition',
      state: 'degraded',
      reason: 'rate_limited',
      isHealthy: true,
      since: minute(1),
      healthScore: 0.6 * 0.95,
      routingScore: status.routingScore,
      type: 'openai-compatible',
      model: 'test-model',
      tags: ['eu'],
      intervalSeconds: 60,
      targetResponseMs: 1000,
      lastCheckAt: minute(1),
      responseTimeMs: 50,
      errorMessage: 'simulated rate_limited',
      category: 'rate_limited',
      fault: 'ours',
      consecutiveFailures: 1,
    });
  });

  it('has no attribute without a meaning', () => {
    const item = statusItem(unknownStatus(provider(), new Date(START)), null, WRITE_ID);
    expect(Object.keys(item).sort()).toEqual(
      [
        ['pk', 'sk', 'v', 'version', 'w', 'state', 'isHealthy', 'since', 'healthScore', 'routingScore', 'successRate'],
        ['type', 'model', 'intervalSeconds', 'targetResponseMs'],
      ]
        .flat()
        .sort(),
    );
  });

  it('S1: is marked as a change of state exactly on the writes that made one', () => {
    const checks = [goodCheck(), goodCheck({ timestamp: minute(1) }), failedCheck('tls', { timestamp: minute(2) })];
    let status = unknownStatus(provider(), new Date(START));
    const marks = checks.map((check) => {
      const change = nextStatus(status, check, provider());
      if (!change) throw new Error('expected a change');
      status = change.status;
      const item = statusItem(status, change.transition && 'transition', WRITE_ID);
      return 'notice' in item ? item.notice : 'absent';
    });
    expect(marks).toEqual(['transition', 'absent', 'transition']);
  });

  it('S1: has the whole transition in the write that makes it, its error text once', () => {
    const errorMessage = '語'.repeat(300);
    const status = statusAfter([failedCheck('server_error', { errorMessage })], provider());
    const item = statusItem(status, 'transition', WRITE_ID);
    expect(JSON.stringify(item).split(errorMessage)).toHaveLength(2);
    expect(statusFromItem(item).lastTransition).toEqual(status.lastTransition);
  });

  it('keeps the error text of a last transition where the last check failed alike with another text', () => {
    const checks = ['first', 'second'].map((errorMessage, index) =>
      failedCheck('server_error', { errorMessage, timestamp: minute(index) }),
    );
    const status = statusAfter(checks, provider());
    expect(statusFromItem(statusItem(status, null, WRITE_ID)).lastTransition?.errorMessage).toBe('first');
  });

  it.each(CATEGORIES)('keeps a last transition by %s that is older than the last check', (category) => {
    const checks = [0, 1, 2, 3].map((index) => failedCheck(category, { timestamp: minute(index) }));
    const status = statusAfter(checks, provider());
    expect(statusFromItem(statusItem(status, null, WRITE_ID))).toEqual(status);
  });
});

describe('reading items', () => {
  const good = statusItem(healthyStatus(), null, WRITE_ID);
  const { state, ...withoutState } = good;

  it.each([
    ['a missing state', withoutState, /^state: expected one of unknown, healthy, .*, got nothing$/],
    ['an unknown state', { ...good, state: 'sleepy' }, /^state: expected one of .*, got "sleepy"$/],
    ['an unknown type', { ...good, type: 'oracle' }, /^type: expected one of .*, got "oracle"$/],
    ['a number as text', { ...good, version: '7' }, /^version: expected a number, got "7"$/],
    ['a number that is none', { ...good, healthScore: Number.NaN }, /^healthScore: expected a number, got NaN$/],
    ['a time that is none', { ...good, since: 'yesterday' }, /^since: expected an ISO 8601 time, got "yesterday"$/],
    ['tags that are no list', { ...good, tags: 'eu' }, /^tags: expected a list, each entry a text, got "eu"$/],
    ['a check that is no map', { ...good, check: [1] }, /^check: expected a map, got a list$/],
    ['a check without timings', { ...good, check: {} }, /^ms: expected a list, .*, got nothing$/],
    [
      'timings without a total',
      { ...good, check: { ms: [] } },
      /^ms: expected a list, .*, the total first, got a list$/,
    ],
    ['an unknown category', { ...good, category: 'gremlins' }, /^category: expected one of .*, got "gremlins"$/],
    ['a failure without a fault', { ...good, category: 'tls' }, /^fault: expected one of provider, ours, got nothing$/],
    [
      'lists that do not match',
      { ...good, recent: { ms: [1, 2], ok: '1' } },
      /^recent: expected as many .*, got 2 and 1$/,
    ],
    ['a time out of range', { ...good, changes: [9e15] }, /^changes: expected a list, each entry milliseconds/],
    ['a set where a list should be', { ...good, tags: new Set(['eu']) }, /^tags: expected a list/],
    ['a newer version', { ...good, v: 2 }, /^v: expected 1, got 2\. Update this program/],
    ['nothing but its key', { pk: 'STATUS', sk: 'alpha' }, /^v: expected a number, got nothing$/],
  ])('T6: names the attribute of %s', (_, item, reason) => {
    const other = statusItem(healthyStatus({ id: 'beta' }), null, WRITE_ID);
    const list = statusesFromItems([item, other], NOW);
    expect(list.statuses.map((status) => status.provider)).toEqual(['beta']);
    expect(list.unreadable).toEqual([{ provider: 'alpha', reason: expect.stringMatching(reason) }]);
  });

  it('T6: names the attribute of a brief status, and does not read the others', () => {
    const other = statusItem(healthyStatus({ id: 'beta' }), null, WRITE_ID);
    const listed = (item: Item) => briefStatusesFromItems([item, other], NOW);
    for (const unread of [{ check: [1] }, { recent: { ms: [1, 2], ok: '1' } }, { version: '7' }]) {
      expect(listed({ ...good, ...unread }).unreadable).toEqual([]);
    }
    for (const broken of [
      { state: 'sleepy' },
      { since: 'yesterday' },
      { lastCheckAt: 5 },
      { category: 'tls' },
      { v: 2 },
    ]) {
      const list = listed({ ...good, ...broken });
      expect(list.statuses.map((status) => status.provider)).toEqual(['beta']);
      const [name = ''] = Object.keys(broken);
      const named = name === 'category' ? 'fault' : name;
      expect(list.unreadable).toEqual([{ provider: 'alpha', reason: expect.stringMatching(`^${named}: expected `) }]);
    }
  });

  it('reads a brief status of an older release, which has only the median', () => {
    const { typicalResponseMs, ...older }: Item = { ...good, medianResponseMs: 340 };
    expect(briefStatusesFromItems([older], NOW).statuses).toMatchObject([{ typicalResponseMs: 340 }]);
  });

  it('shows at most 40 characters of what it found', () => {
    const [unreadable] = statusesFromItems([{ ...good, state: '🦜'.repeat(100) }], NOW).unreadable;
    expect(unreadable?.reason.endsWith(`got "${'🦜'.repeat(40)}"`)).toBe(true);
  });

  it('S6: leaves out a status whose time is over', () => {
    for (const fromItems of [statusesFromItems, briefStatusesFromItems]) {
      const list = (expiresAt: number) => fromItems([{ ...good, expiresAt }], NOW).statuses;
      expect(list(NOW.getTime() / 1000)).toEqual([]);
      expect(list(NOW.getTime() / 1000 + 1)).toHaveLength(1);
    }
  });

  it('uses the state when isHealthy contradicts it after a change by hand', () => {
    expect(statusFromItem({ ...good, isHealthy: false })).toEqual(healthyStatus());
  });

  it('accepts attributes that it does not know', () => {
    expect(statusFromItem({ ...good, colour: 'green' })).toEqual(healthyStatus());
  });

  it('refuses a check of another partition', () => {
    expect(() => checkFromItem({ ...checkItem(goodCheck()), pk: 'HOUR#alpha' })).toThrow(
      'pk: expected CHECK# and an id, got "HOUR#alpha"',
    );
  });
});
