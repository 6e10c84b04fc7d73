import { describe, expect, it } from 'vitest';
import {
  fullest,
  MOST_PER_SHARD,
  MOST_SHARDS,
  membership,
  memoryMiBFor,
  ONLY_SHARD,
  providersWithin,
  shardName,
  shardNames,
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

  it.each([
    [0, 1769],
    [1, 512],
    [25, 512],
    [26, 1024],
    [100, 1024],
    [101, 1769],
    [MOST_PER_SHARD, 1769],
    [MOST_PER_SHARD + 1, 1769],
  ])('with %i providers have %i MiB of memory', (count, memoryMiB) => {
    expect(memoryMiBFor(count)).toBe(memoryMiB);
  });

  it.each([
    [128, 25],
    [512, 25],
    [1023, 25],
    [1024, 100],
    [1768, 100],
    [1769, MOST_PER_SHARD],
  ])('with %i MiB measure %i providers well', (memoryMiB, providers) => {
    expect(providersWithin(memoryMiB)).toBe(providers);
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

  it('are named by their places, as the claims in the table are', () => {
    expect(shardNames(3)).toEqual(['0', '1', '2']);
    expect(shardName(ONLY_SHARD)).toBe('0');
    expect(ONLY_SHARD).toEqual({ index: 0, count: 1 });
  });

  it('keep their providers from release to release: which shard an id is in is a fact', () => {
    expect(['openai', 'claude', 'glm', 'gemini', 'cohere', 'bedrock'].map((id) => shardOf(id, 4))).toEqual([
      1, 2, 1, 1, 2, 3,
    ]);
    expect(['openai', 'claude', 'glm', 'gemini'].map((id) => shardOf(id, 1))).toEqual([0, 0, 0, 0]);
  });

  it('count the providers of the fullest', () => {
    const counts = [0, 1, 2].map((index) => ids(300).filter((id) => shardOf(id, 3) === index).length);
    expect(fullest(ids(300), 3)).toBe(Math.max(...counts));
    expect(Math.min(...counts)).toBeLessThan(Math.max(...counts));
    expect(fullest([], 3)).toBe(0);
  });

  it('are one more where chance would fill one too much, and never more than there may be', () => {
    const crowd = ids(20_000).filter((id) => shardOf(id, 2) === 0);
    const fits = crowd.slice(0, MOST_PER_SHARD);
    expect(fullest(fits, 2)).toBe(MOST_PER_SHARD);
    expect(shardsFor(fits)).toBe(2);
    expect(shardsFor(crowd.slice(0, MOST_PER_SHARD + 1))).toBe(3);
    expect(shardsFor(ids(20_000))).toBe(MOST_SHARDS);
  });
});
