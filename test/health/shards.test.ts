import { describe, expect, it } from 'vitest';
import {
  fullest,
  MOST_PER_SHARD,
  MOST_SHARDS,
  membership,
  memoryMiBFor,
  providersWithin,
  shardOf,
  shardsFor,
} from '../../lib/health/shards.ts';

const ids = (count: number) => Array.from({ length: count }, (_, i) => `provider-${i}`);

describe('shards', () => {
  it.each([1, 2, 5, 40])('of %i, each provider is in exactly one, the same one each time', (count) => {
    const shards = Array.from({ length: count }, (_, index) => membership({ index, count }));
    for (const id of ids(500)) {
      expect(shards.filter((isIn) => isIn(id))).toHaveLength(1);
      expect(shards.filter((isIn) => isIn(id))).toHaveLength(1);
    }
  });

  it.each([1, 4, 9, 39])('from %i to one more, providers move to the new one only, and about their share', (count) => {
    const all = ids(4000);
    const moved = all.filter((id) => shardOf(id, count) !== shardOf(id, count + 1));
    expect(new Set(moved.map((id) => shardOf(id, count + 1)))).toEqual(new Set([count]));
    expect(moved.length * (count + 1)).toBeGreaterThan(0.7 * all.length);
    expect(moved.length * (count + 1)).toBeLessThan(1.3 * all.length);
  });

  it('are as few as carry the providers, none too full', () => {
    expect(shardsFor([])).toBe(1);
    expect(shardsFor(ids(250))).toBe(1);
    for (const count of [251, 1000, 2500, 10_000]) {
      const shards = shardsFor(ids(count)) ?? 0;
      expect(shards).toBeGreaterThanOrEqual(Math.ceil(count / 250));
      expect(shards).toBeLessThanOrEqual(Math.min(MOST_SHARDS, Math.ceil(count / 250) + 1));
      expect(fullest(ids(count), shards)).toBeLessThanOrEqual(MOST_PER_SHARD);
    }
  });

  it('name how many providers a function of so much memory measures well', () => {
    for (const count of [1, 25, 26, 100, 101, MOST_PER_SHARD]) {
      expect(providersWithin(memoryMiBFor(count))).toBeGreaterThanOrEqual(count);
    }
    expect(providersWithin(128)).toBe(providersWithin(512));
    expect(providersWithin(Number.POSITIVE_INFINITY)).toBe(MOST_PER_SHARD);
  });

  it('ids that differ in one character are spread too', () => {
    expect(fullest(ids(1000), 4)).toBeLessThan(1.2 * 250);
    expect(
      fullest(
        Array.from({ length: 1000 }, (_, i) => `${String.fromCharCode(97 + (i % 26))}${i}`),
        4,
      ),
    ).toBeLessThan(1.2 * 250);
  });
});
