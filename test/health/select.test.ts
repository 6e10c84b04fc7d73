import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDrained, rank, type Selection } from '../../lib/health/select.ts';
import { type ProviderStatus, unknownStatus } from '../../lib/health/status.ts';
import { at, blacklistedStatus, healthyStatus, minute, provider, START, unhealthyStatus } from '../support/builders.ts';

const NOW = new Date(minute(2));

const good = (id: string, responseTimeMs: number, settings = {}) =>
  healthyStatus({ id, ...settings }, { responseTimeMs, timestamp: minute(2) });
const down = (id: string) => unhealthyStatus({ id }, 'server_error', { timestamp: minute(2) });
const fresh = (id: string) => unknownStatus(provider({ id }), new Date(START));
/** Last checked so long ago that it is stale at {@link NOW}. */
const stale = (id: string, responseTimeMs = 200) =>
  healthyStatus({ id }, { responseTimeMs, timestamp: at(120_000 - 180_001) });
const staleDown = (id: string) => unhealthyStatus({ id }, 'timeout', { timestamp: at(120_000 - 180_001) });

function noRandom(): number {
  throw new Error('best asked for a random number');
}

function order(statuses: readonly ProviderStatus[], selection: Selection = {}) {
  const { ranked, panic } = rank(statuses, selection, NOW, noRandom);
  return { ids: ranked.map(({ status }) => status.provider), panic };
}

describe('the ranking', () => {
  it('is of usable providers only, by routing score', () => {
    const statuses = [good('slow', 3000), down('down'), good('fast', 100), good('middling', 900)];
    expect(order(statuses)).toEqual({ ids: ['fast', 'middling', 'slow'], panic: false });
  });

  it('never prefers one that fails fast to one that answers slowly', () => {
    const failing = unhealthyStatus({ id: 'failing' }, 'auth', { responseTimeMs: 5, timestamp: minute(2) });
    expect(failing.healthScore).toBeGreaterThan(good('slow', 4000).healthScore);
    expect(order([failing, good('slow', 4000)])).toEqual({ ids: ['slow'], panic: false });
  });

  it('still tells slow ones apart, where the health score ties', () => {
    expect(order([good('b', 4000), good('a', 9000), good('c', 1100)]).ids).toEqual(['c', 'b', 'a']);
  });

  it('puts ties in id order, whatever the order they come in', () => {
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
    { selection: { only: ['nobody'] }, ids: [] },
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
  it('is no usable provider: all are listed, unknown before down before blacklisted', () => {
    const blacklisted = { ...blacklistedStatus({ id: 'blacklisted' }) };
    expect(order([blacklisted, down('down'), fresh('new')])).toEqual({
      ids: ['new', 'down', 'blacklisted'],
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
    expect(ranking.ids).toHaveLength(panic ? of : usable);
  });

  it('lists usable ones first, and of the down the one that was better', () => {
    const wasGood = unhealthyStatus({ id: 'was-good' }, 'timeout', { timestamp: minute(2) });
    const better = { ...wasGood, successRate: 0.95, medianResponseMs: 300 };
    const statuses = [down('a'), better, good('usable', 4000), down('b')];
    expect(order(statuses)).toEqual({ ids: ['usable', 'was-good', 'a', 'b'], panic: true });
  });

  it('looks at the candidates only: an excluded one that is down makes none', () => {
    const statuses = [good('a', 100), down('b'), down('c'), down('d')];
    expect(order(statuses, { exclude: ['c', 'd'] })).toEqual({ ids: ['a'], panic: false });
  });
});

describe('a stale status (R2)', () => {
  const statuses = [stale('stale', 50), good('fresh', 900), staleDown('stale-down')];

  it('is assumed healthy, but comes after every fresh one', () => {
    expect(order(statuses)).toEqual({ ids: ['fresh', 'stale', 'stale-down'], panic: false });
    expect(rank(statuses, {}, NOW, noRandom).ranked.map(({ stale }) => stale)).toEqual([false, true, true]);
  });

  it('is what it was, where so wanted', () => {
    expect(order(statuses, { whenStale: 'last-known' }).ids).toEqual(['stale', 'fresh']);
  });

  it('is not usable, where so wanted', () => {
    const fleet = [...statuses, good('other', 950)];
    expect(order(fleet, { whenStale: 'assume-unhealthy' })).toEqual({ ids: ['fresh', 'other'], panic: false });
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

  it('is always a permutation of the usable ones, stale ones behind', () => {
    const statuses = [good('a', 100), stale('s'), good('b', 4000), down('x'), good('c', 900)];
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (numbers) => {
        const random = () => numbers.next().value;
        const ids = rank(statuses, { strategy: 'weighted' }, NOW, random).ranked.map(({ status }) => status.provider);
        expect(ids.slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
        expect(ids[3]).toBe('s');
        expect(ids).toHaveLength(4);
      }),
    );
  });

  it('in panic draws among the usable and lists the others best first', () => {
    const statuses = [down('y'), down('x'), good('a', 100), fresh('new'), down('z')];
    const { ranked, panic } = rank(statuses, { strategy: 'weighted' }, NOW, () => 0.5);
    expect(panic).toBe(true);
    expect(ranked.map(({ status }) => status.provider)).toEqual(['a', 'new', 'x', 'y', 'z']);
  });
});

describe('any ranking', () => {
  const status = fc
    .record({
      kind: fc.constantFrom(good, down, fresh, stale, staleDown, (id: string) => blacklistedStatus({ id })),
      enabled: fc.boolean(),
      drainUntil: fc.constantFrom(null, minute(1), minute(9)),
    })
    .map(({ kind, enabled, drainUntil }) => ({ ...kind('x', 300), enabled, drainUntil }));
  const fleet = fc.array(status, { maxLength: 8 }).map((list) => list.map((one, i) => ({ ...one, provider: `p${i}` })));

  it('lists each candidate at most once, usable ones first, and without panic nobody else', () => {
    fc.assert(
      fc.property(fleet, fc.constantFrom('best', 'weighted'), (statuses, strategy) => {
        const { ranked, panic } = rank(statuses, { strategy }, NOW, () => 0.3);
        expect(new Set(ranked.map((one) => one.status.provider)).size).toBe(ranked.length);
        expect(ranked.every((one) => one.status.enabled && !isDrained(one.status, NOW))).toBe(true);
        const firstUnusable = ranked.findIndex((one) => !one.usable);
        if (firstUnusable >= 0) expect(ranked.slice(firstUnusable).every((one) => !one.usable)).toBe(true);
        expect(panic || firstUnusable === -1).toBe(true);
        const candidates = statuses.filter((one) => one.enabled && !isDrained(one, NOW));
        expect(ranked.length > 0).toBe(candidates.length > 0);
      }),
    );
  });
});
