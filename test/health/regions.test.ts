import { describe, expect, it } from 'vitest';
import { unknownStatus } from '../../lib/health/next-status.ts';
import { type RegionViews, verdictOf } from '../../lib/health/regions.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { at, healthyStatus, minute, provider, START, unhealthyStatus } from '../support/builders.ts';

const NOW = new Date(minute(1));
const REGIONS = ['eu', 'us', 'ap', 'sa', 'af'];

/** `+`: works. `-`: does not. `s`: does not, and is stale. `h`: works, and is stale. `?`: never checked. `x`: disabled there. */
const VIEWS: Record<string, ProviderStatus> = {
  '+': healthyStatus(),
  '-': unhealthyStatus(),
  s: unhealthyStatus({}, 'timeout', { timestamp: at(-600_000) }),
  h: healthyStatus({}, { timestamp: at(-600_000) }),
  '?': unknownStatus(provider(), new Date(START)),
  x: unhealthyStatus({ enabled: false }),
};

function viewsOf(signs: string): RegionViews {
  return new Map([...signs].map((sign, i) => [REGIONS[i] ?? '', VIEWS[sign] ?? healthyStatus()]));
}

describe('the verdict of several regions', () => {
  it.each([
    ['+', true],
    ['-', false],
    ['-+', true],
    ['--', false],
    ['-++', true],
    ['--+', false],
    ['---', false],
    ['-+++', true],
    ['--++', false],
    ['--+++', true],
    ['---++', false],
    // Only regions with a current status count.
    ['-s', false],
    ['+s', true],
    ['-+s', true],
    ['--s', false],
    ['-ss', false],
    ['-h', false],
    ['+h', true],
    ['-??', false],
    ['-+?', true],
    ['-xx', false],
    ['+xx', true],
  ])('of %s is %o', (signs, isHealthy) => {
    expect(verdictOf(viewsOf(signs), '', NOW).isHealthy).toBe(isHealthy);
  });

  it('is what one region says where it alone is asked', () => {
    for (const status of Object.values(VIEWS)) {
      expect(verdictOf(new Map([['eu', status]]), 'eu', NOW)).toBe(status);
    }
  });

  it('has the figures of the home region where that agrees', () => {
    const [fast, slow] = [healthyStatus({}, { responseTimeMs: 100 }), healthyStatus({}, { responseTimeMs: 900 })];
    const views = new Map([
      ['eu', slow],
      ['us', fast],
    ]);
    expect(verdictOf(views, 'eu', NOW)).toBe(slow);
    expect(verdictOf(views, 'us', NOW)).toBe(fast);
    expect(verdictOf(views, '', NOW)).toBe(fast);
    expect(verdictOf(new Map([...views, ['ap', unhealthyStatus()]]), 'ap', NOW)).toBe(fast);
  });

  it('has the newest figures of those that say that it is down', () => {
    const [older, newer] = [unhealthyStatus(), unhealthyStatus({}, 'timeout', { timestamp: at(1000) })];
    const views = new Map([
      ['eu', older],
      ['us', newer],
      ['ap', healthyStatus()],
    ]);
    expect(verdictOf(views, 'ap', NOW)).toBe(newer);
  });

  it('has the best figures, then the newest, then those of the first region, in any order', () => {
    const fast = healthyStatus({}, { responseTimeMs: 100 });
    const slow = healthyStatus({}, { responseTimeMs: 900 });
    const newer = healthyStatus({}, { responseTimeMs: 100, timestamp: at(1000) });
    const never = unknownStatus(provider(), new Date(at(-5000)));
    const neverSince = unknownStatus(provider(), new Date(at(-1000)));
    const longAgo = unhealthyStatus({}, 'timeout', { timestamp: at(-900_000) });
    const of = (...statuses: ProviderStatus[]) =>
      verdictOf(new Map(statuses.map((status, i) => [REGIONS[i] ?? '', status])), '', NOW);
    for (const [better, worse] of [
      [fast, slow],
      [newer, fast],
      [neverSince, never],
      [neverSince, longAgo],
    ] as const) {
      expect(of(better, worse)).toBe(better);
      expect(of(worse, better)).toBe(better);
    }
    const [one, other] = [healthyStatus(), healthyStatus()];
    expect(of(one, other)).toBe(one);
  });

  it.each([
    ['before', ['drained', 'other']],
    ['after', ['other', 'drained']],
  ])('is drained by a region that stands %s the one that is not', (_, order) => {
    const drained = { ...healthyStatus(), drainUntil: minute(30), drainReason: 'moves' };
    const views = new Map(order.map((name) => [name, name === 'drained' ? drained : healthyStatus()]));
    expect(verdictOf(views, 'other', NOW)).toMatchObject({ drainUntil: minute(30), drainReason: 'moves' });
  });

  it('is drained while any region drains the provider', () => {
    const drained = { ...healthyStatus(), drainUntil: minute(30), drainReason: 'moves' };
    const views = new Map([
      ['eu', healthyStatus()],
      ['us', drained],
      ['ap', { ...drained, drainUntil: minute(5), drainReason: 'test' }],
    ]);
    expect(verdictOf(views, 'eu', NOW)).toEqual({ ...healthyStatus(), drainUntil: minute(30), drainReason: 'moves' });
  });

  it('of regions that know nothing new is the home region’s last word', () => {
    expect(verdictOf(viewsOf('s?'), 'eu', NOW)).toBe(VIEWS.s);
  });
});
