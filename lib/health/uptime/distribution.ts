/** Counts how often each time was measured. It is exact: merged distributions have the percentiles of all their values. */

/** From milliseconds to the number of times that this value was measured. */
export type Distribution = ReadonlyMap<number, number>;

/** Percentiles by nearest rank. Each one is a measured value: the smallest value that 50% (90%, …) of all do not exceed. */
export interface Percentiles {
  p50Ms: number;
  p90Ms: number;
  p95Ms: number;
  p99Ms: number;
}

export function distributionOf(values: readonly number[]): Distribution {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

export function mergeDistributions(distributions: readonly Distribution[]): Distribution {
  const counts = new Map<number, number>();
  for (const distribution of distributions) {
    for (const [value, count] of distribution) counts.set(value, (counts.get(value) ?? 0) + count);
  }
  return counts;
}

/** Null when nothing was measured. */
export function percentilesOf(distribution: Distribution): Percentiles | null {
  if (distribution.size === 0) return null;
  const sorted = [...distribution].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const at = (percent: number) => nearestRank(sorted, Math.ceil((percent * total) / 100));
  return { p50Ms: at(50), p90Ms: at(90), p95Ms: at(95), p99Ms: at(99) };
}

function nearestRank(sorted: readonly (readonly [number, number])[], rank: number): number {
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (seen >= rank) return value;
  }
  return sorted.at(-1)?.[0] ?? 0;
}
