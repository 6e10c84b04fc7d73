import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unknownStatus } from '../../lib/health/next-status.ts';
import { isDrained, rank, type Selection, spin, TIERS, wheelOf } from '../../lib/health/select.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import {
  at,
  blacklistedStatus,
  failedCheck,
  goodCheck,
  healthyStatus,
  minute,
  provider,
  START,
  statusAfter,
  unhealthyStatus,
} from '../support/builders.ts';

const NOW = new Date(minute(2));

const good = (id: string, responseTimeMs: number, settings = {}) =>
  healthyStatus({ id, ...settings }, { responseTimeMs, timestamp: minute(2) });
const down = (id: string) => unhealthyStatus({ id }, 'server_error', { timestamp: minute(2) });
const fresh = (id: string) => unknownStatus(provider({ id }), new Date(START));
/** Last checked so long ago that it is stale at {@link NOW}. */
const stale = (id: string, responseTimeMs = 200) =>
  healthyStatus({ id }, { responseTimeMs, timestamp: at(120_000 - 180_001) });
const staleDown = (id: string) => unhealthyStatus({ id }, 'timeout', { timestamp: at(120_000 - 180_001) });

/** Working, but slow: three of the last five checks. */
const slow = (id: string) =>
  statusAfter(
    [200, 200, 200, 200, 200, 200, 3000, 3000, 3000].map((responseTimeMs, i) =>
      goodCheck({ responseTimeMs, timestamp: at(120_000 - (8 - i) * 1000) }),
    ),
    provider({ id }),
  );
/** Rate limited once; asks to wait until `ms` after {@link NOW}. */
const limited = (id: string, ms: number) =>
  statusAfter(
    [goodCheck({ timestamp: minute(1) }), failedCheck('rate_limited', { timestamp: minute(2), retryAfterMs: ms })],
    provider({ id }),
  );
const wrongKey = (id: string) => unhealthyStatus({ id }, 'auth', { timestamp: minute(2) });

function noRandom(): number {
  throw new Error('best asked for a random number');
}

function order(statuses: readonly ProviderStatus[], selection: Selection = {}) {
  const { ranked, panic } = rank(statuses, selection, NOW, noRandom);
  return { ids: ranked.map(({ status }) => status.provider), panic };
}

describe('the ranking', () => {
  it('has every provider: those that work by routing score, then those that are believed down', () => {
    const statuses = [good('slow', 3000), down('down'), good('fast', 100), good('middling', 900)];
    expect(order(statuses)).toEqual({ ids: ['fast', 'middling', 'slow', 'down'], panic: false });
  });

  it('orders by tiers: healthy, degraded, stale or unknown, resting, down, and down by our own fault', () => {
    const statuses = [
      wrongKey('ours'),
      down('down'),
      limited('resting', 30_000),
      stale('stale', 10),
      slow('degraded'),
      fresh('new'),
      good('healthy', 9000),
    ];
    const { ranked } = rank(statuses, {}, NOW, noRandom);
    expect(ranked.map(({ status, tier, usable }) => [status.provider, tier, usable])).toEqual([
      ['healthy', 'healthy', true],
      ['degraded', 'degraded', true],
      ['stale', 'unknown', true],
      ['new', 'unknown', true],
      ['resting', 'resting', false],
      ['down', 'down', false],
      ['ours', 'ours', false],
    ]);
  });

  it('has the believed down nearest to recovery first', () => {
    const recovering = { ...blacklistedStatus({ id: 'recovering' }), consecutiveFailures: 0, consecutiveSuccesses: 1 };
    const longDown = { ...down('long'), consecutiveFailures: 2 };
    const held = (id: string, seconds: number) => ({
      ...blacklistedStatus({ id }),
      holdUntil: at(120_000 + seconds * 1000),
    });
    const statuses = [held('later', 40), held('sooner', 20), longDown, down('just'), recovering];
    expect(order(statuses.map((one) => ({ ...one, lastCheck: down('x').lastCheck }) as ProviderStatus)).ids).toEqual([
      'recovering',
      'just',
      'long',
      'sooner',
      'later',
    ]);
  });

  describe('of those that are down or resting has first', () => {
    /** Better by its routing score than all others, which comes last. */
    const better = <Status extends ProviderStatus>(status: Status): Status => ({
      ...status,
      successRate: 0.95,
      typicalResponseMs: 100,
    });
    const held = (id: string, seconds: number | null) =>
      ({
        ...blacklistedStatus({ id }),
        consecutiveFailures: 3,
        holdUntil: seconds === null ? null : at(120_000 + seconds * 1000),
        lastCheck: down('x').lastCheck,
      }) as ProviderStatus;
    const unhealthy = (id: string, fields: Partial<ProviderStatus> = {}) =>
      ({ ...down(id), consecutiveFailures: 3, ...fields }) as ProviderStatus;

    it.each<[string, ProviderStatus, ProviderStatus]>([
      ['more good checks in a row', held('first', 60), better(unhealthy('second'))],
      ['no blacklisting', unhealthy('first', { consecutiveFailures: 9 }), better(held('second', 1))],
      ['fewer failures in a row', unhealthy('first', { consecutiveFailures: 1 }), better(unhealthy('second'))],
      ['the shorter hold', held('first', 20), better(held('second', 40))],
      ['no hold', held('first', null), better(held('second', 40))],
      ['the shorter rest', limited('first', 20_000), better(limited('second', 40_000))],
      ['the better figures', better(unhealthy('first')), unhealthy('second')],
      ['an id that comes first', unhealthy('first'), unhealthy('second')],
    ])('%s', (what, first, second) => {
      const ahead = what.startsWith('more good') ? ({ ...first, consecutiveSuccesses: 1 } as ProviderStatus) : first;
      expect(order([ahead, second]).ids).toEqual(['first', 'second']);
      expect(order([second, ahead]).ids).toEqual(['first', 'second']);
    });

    it('one that is down also where its last check was left out', () => {
      const { ranked } = rank([unhealthy('alpha', { lastCheck: null })], {}, NOW, noRandom);
      expect(ranked).toMatchObject([{ tier: 'down', usable: false }]);
    });
  });

  it('R8: keeps a rate limited provider back until the time that it asked for is over, and no longer', () => {
    const statuses = [limited('limited', 30_000), good('slow', 4000)];
    const tierAt = (ms: number) =>
      rank(statuses, {}, new Date(NOW.getTime() + ms), noRandom).ranked.find(
        ({ status }) => status.provider === 'limited',
      );
    expect(tierAt(29_999)).toMatchObject({ tier: 'resting', usable: false });
    expect(tierAt(30_000)).toMatchObject({ tier: 'degraded', usable: true });
  });

  it('R7: has a provider that became five times slower behind every faster one within 3 checks, and back within 5', () => {
    const others = [300, 600, 1000, 1390].map((ms) => good(`p${ms}`, ms));
    const placeAfter = (times: number[]) => {
      const checks = times.map((responseTimeMs, i) =>
        goodCheck({ responseTimeMs, timestamp: at(120_000 - (times.length - 1 - i) * 1000) }),
      );
      return order([statusAfter(checks, provider({ id: 'it' })), ...others]).ids.indexOf('it');
    };
    const usual = Array.from({ length: 15 }, () => 280);
    const slower = (n: number) => Array.from({ length: n }, () => 1400);
    expect(placeAfter(usual)).toBe(0);
    expect(placeAfter([...usual, ...slower(3)])).toBe(4);
    expect(placeAfter([...usual, ...slower(10)])).toBe(4);
    expect(placeAfter([...usual, ...slower(10), ...usual.slice(0, 5)])).toBe(0);
  });

  it('never prefers one that fails fast to one that answers slowly', () => {
    const failing = unhealthyStatus({ id: 'failing' }, 'auth', { responseTimeMs: 5, timestamp: minute(2) });
    expect(failing.healthScore).toBeGreaterThan(good('slow', 4000).healthScore);
    expect(order([failing, good('slow', 4000)])).toEqual({ ids: ['slow', 'failing'], panic: false });
  });

  it('still orders slow ones, where the health score ties', () => {
    expect(order([good('b', 4000), good('a', 9000), good('c', 1100)]).ids).toEqual(['c', 'b', 'a']);
  });

  it('puts ties in id order, in any order of arrival', () => {
    const statuses = ['c', 'a', 'd', 'b'].map((id) => good(id, 500));
    expect(order(statuses).ids).toEqual(['a', 'b', 'c', 'd']);
    expect(order(statuses.toReversed()).ids).toEqual(['a', 'b', 'c', 'd']);
  });

  it('of nothing is nothing, without panic', () => {
    expect(order([])).toEqual({ ids: [], panic: false });
  });

  it('leaves the list it was given as it was', () => {
    const statuses = Object.freeze([good('slow', 3000), good('fast', 100)]);
    expect(order(statuses).ids).toEqual(['fast', 'slow']);
  });

  it.each<{ selection: Selection; ids: string[] }>([
    { selection: { only: ['c', 'a'] }, ids: ['a', 'c'] },
    { selection: { only: [] }, ids: [] },
    { selection: { only: ['missing'] }, ids: [] },
    { selection: { exclude: ['a'] }, ids: ['b', 'c'] },
    { selection: { only: ['a', 'b'], exclude: ['a'] }, ids: ['b'] },
    { selection: { tag: 'eu' }, ids: ['b', 'c'] },
    { selection: { tag: 'mars' }, ids: [] },
  ])('keeps to $selection', ({ selection, ids }) => {
    const statuses = [good('a', 100), good('b', 200, { tags: ['eu'] }), good('c', 300, { tags: ['eu', 'fast'] })];
    expect(order(statuses, selection).ids).toEqual(ids);
  });

  it('never has a disabled or a drained provider, in panic neither (R3)', () => {
    const drained = { ...good('drained', 100), drainUntil: at(120_001) };
    const statuses = [good('off', 100, { enabled: false }), drained, down('down')];
    expect(order(statuses)).toEqual({ ids: ['down'], panic: true });
  });

  it('has a drained provider again when its time is over', () => {
    const status = { ...good('drained', 100), drainUntil: NOW.toISOString() };
    expect(isDrained(status, NOW)).toBe(false);
    expect(isDrained(status, new Date(NOW.getTime() - 1))).toBe(true);
    expect(order([status]).ids).toEqual(['drained']);
  });
});

describe('panic (R3)', () => {
  it('is no usable provider: down before blacklisted', () => {
    expect(order([blacklistedStatus({ id: 'blacklisted' }), down('down')])).toEqual({
      ids: ['down', 'blacklisted'],
      panic: true,
    });
  });

  it.each([
    { usable: 0, of: 1, panic: true },
    { usable: 1, of: 2, panic: false },
    { usable: 1, of: 3, panic: true },
    { usable: 2, of: 3, panic: false },
    { usable: 2, of: 4, panic: false },
    { usable: 2, of: 5, panic: true },
    { usable: 3, of: 5, panic: false },
  ])('with $usable of $of usable is $panic', ({ usable, of, panic }) => {
    const statuses = Array.from({ length: of }, (_, i) => (i < usable ? good(`p${i}`, 100) : down(`p${i}`)));
    const ranking = order(statuses);
    expect(ranking.panic).toBe(panic);
    expect(ranking.ids).toHaveLength(of);
  });

  it('lists usable ones first, and of the down the one that was better', () => {
    const wasGood = unhealthyStatus({ id: 'was-good' }, 'timeout', { timestamp: minute(2) });
    const better = { ...wasGood, successRate: 0.95, typicalResponseMs: 300 };
    const statuses = [down('a'), better, good('usable', 4000), down('b')];
    expect(order(statuses)).toEqual({ ids: ['usable', 'was-good', 'a', 'b'], panic: true });
  });

  it('looks at the candidates only: an excluded one that is down makes none', () => {
    const statuses = [good('a', 100), down('b'), down('c'), down('d')];
    expect(order(statuses, { exclude: ['c', 'd'] })).toEqual({ ids: ['a', 'b'], panic: false });
  });
});

describe('a stale status (R2)', () => {
  const statuses = [stale('stale', 50), good('fresh', 900), staleDown('stale-down')];

  it('is assumed healthy, but comes after every fresh one', () => {
    expect(order(statuses)).toEqual({ ids: ['fresh', 'stale', 'stale-down'], panic: false });
    expect(rank(statuses, {}, NOW, noRandom).ranked.map(({ stale }) => stale)).toEqual([false, true, true]);
  });

  it('is what it was, where so wanted', () => {
    expect(order(statuses, { whenStale: 'last-known' }).ids).toEqual(['stale', 'fresh', 'stale-down']);
  });

  it('is not usable, where so wanted', () => {
    const { ranked } = rank([stale('stale')], { whenStale: 'assume-unhealthy' }, NOW, noRandom);
    expect(ranked).toMatchObject([{ tier: 'unknown', usable: false }]);
    const fleet = [...statuses, good('other', 950)];
    expect(order(fleet, { whenStale: 'assume-unhealthy' })).toEqual({
      ids: ['fresh', 'other', 'stale', 'stale-down'],
      panic: false,
    });
  });

  it('never drains routing: with a dead monitor all are listed, without panic', () => {
    expect(order([stale('a'), staleDown('b'), stale('c')])).toEqual({ ids: ['a', 'c', 'b'], panic: false });
  });
});

describe('a weighted ranking', () => {
  /** A small generator with a seed, so that the shares below are always the same. */
  function seeded(seed: number): () => number {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
  }

  it('draws the first in proportion to the routing scores', () => {
    const statuses = [good('a', 0), good('b', 1000), good('c', 5000)];
    const scores = statuses.map(({ routingScore }) => routingScore);
    const sum = scores.reduce((a, b) => a + b);
    const random = seeded(1);
    const draws = 20_000;
    const firsts = new Map<string | undefined, number>();
    for (let i = 0; i < draws; i++) {
      const first = rank(statuses, { strategy: 'weighted' }, NOW, random).ranked[0]?.status.provider;
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    statuses.forEach(({ provider, routingScore }) => {
      const share = (firsts.get(provider) ?? 0) / draws;
      expect(Math.abs(share - routingScore / sum)).toBeLessThan(0.01);
    });
  });

  it('draws one alone with the same chances, at the 1000th provider too', () => {
    const statuses = [good('a', 0), good('b', 1000), good('c', 5000), stale('stale'), down('down')];
    const { ranked } = rank(statuses, {}, NOW, noRandom);
    const wheel = wheelOf(ranked);
    const weights = ranked.slice(0, 3).map(({ weight }) => weight);
    const sum = weights.reduce((a, b) => a + b);
    expect(wheel).toHaveLength(3);
    let below = 0;
    weights.forEach((weight, place) => {
      expect(spin(wheel, () => below / sum + 1e-9)).toBe(place);
      below += weight;
      expect(spin(wheel, () => below / sum - 1e-9)).toBe(place);
    });
    const many = wheelOf(Array.from({ length: 1000 }, () => ({ tier: 'healthy', usable: true, weight: 0.5 })));
    expect([0, 0.5, 0.9999999].map((u) => spin(many, () => u))).toEqual([0, 500, 999]);
  });

  it('takes the first of the last resort when none is usable, and place 0 of nothing', () => {
    expect(spin(wheelOf(rank([down('b'), down('a')], {}, NOW, noRandom).ranked), () => 0.99)).toBe(0);
    expect(spin(wheelOf([]), () => 0.99)).toBe(0);
    expect(wheelOf(rank([down('b')], {}, NOW, noRandom).ranked)).toHaveLength(0);
    expect(spin([], () => 0.99)).toBe(0);
    expect(spin(wheelOf(['a', 'b', 'c'].map(() => ({ tier: 'unknown', usable: true, weight: 0 }))), () => 0.5)).toBe(0);
  });

  it('gives a provider that has just recovered a quarter of its share', () => {
    const recovered = { ...good('recovered', 1000), trafficShare: 0.25 };
    const { ranked } = rank([good('steady', 1000), recovered], {}, NOW, noRandom);
    const [steady, other] = ['steady', 'recovered'].map((id) => ranked.find(({ status }) => status.provider === id));
    expect((other?.weight ?? 0) / (steady?.weight ?? 1)).toBeCloseTo(0.25, 10);
  });

  it('is always a permutation of all, the usable tiers in front', () => {
    const statuses = [good('a', 100), stale('s'), good('b', 4000), down('x'), good('c', 900)];
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (numbers) => {
        const random = () => numbers.next().value;
        const ids = rank(statuses, { strategy: 'weighted' }, NOW, random).ranked.map(({ status }) => status.provider);
        expect(ids.slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
        expect(ids.slice(3)).toEqual(['s', 'x']);
      }),
    );
  });

  it('in panic draws among the usable and lists the others best first', () => {
    const statuses = [down('y'), down('x'), good('a', 100), stale('old'), down('z'), down('w')];
    const { ranked, panic } = rank(statuses, { strategy: 'weighted' }, NOW, () => 0.5);
    expect(panic).toBe(true);
    expect(ranked.map(({ status }) => status.provider)).toEqual(['a', 'old', 'w', 'x', 'y', 'z']);
  });
});

describe('any ranking', () => {
  const status = fc
    .record({
      kind: fc.constantFrom<(id: string, ms: number) => ProviderStatus>(
        good,
        down,
        fresh,
        stale,
        staleDown,
        slow,
        wrongKey,
        (id) => limited(id, 30_000),
        (id) => blacklistedStatus({ id }),
      ),
      enabled: fc.boolean(),
      drainUntil: fc.constantFrom(null, minute(1), minute(9)),
    })
    .map(({ kind, enabled, drainUntil }) => ({ ...kind('x', 300), enabled, drainUntil }));
  const fleet = fc.array(status, { maxLength: 8 }).map((list) => list.map((one, i) => ({ ...one, provider: `p${i}` })));

  it('R5: has every enabled provider exactly once, tier by tier, usable ones first', () => {
    fc.assert(
      fc.property(fleet, fc.constantFrom('best', 'weighted'), (statuses, strategy) => {
        const { ranked, panic } = rank(statuses, { strategy }, NOW, () => 0.3);
        expect(new Set(ranked.map((one) => one.status.provider)).size).toBe(ranked.length);
        expect(ranked.every((one) => one.status.enabled && !isDrained(one.status, NOW))).toBe(true);
        const firstUnusable = ranked.findIndex((one) => !one.usable);
        if (firstUnusable >= 0) expect(ranked.slice(firstUnusable).every((one) => !one.usable)).toBe(true);
        const places = ranked.map(({ tier }) => TIERS.indexOf(tier));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        const candidates = statuses.filter((one) => one.enabled && !isDrained(one, NOW));
        expect(ranked).toHaveLength(candidates.length);
        const usable = ranked.filter((one) => one.usable).length;
        expect(panic).toBe(usable * 2 < candidates.length);
      }),
    );
  });
});
