/**
 * Statuses from the monitors of several regions, each a table or an API of its own, and the verdict on each provider. A
 * region that does not answer costs the others nothing: what it said last counts until it is stale.
 */

import type { MonotonicClock } from '../../base/clock.ts';
import { type RegionViews, verdictOf } from '../../health/regions.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { problemOf, type ReaderProblem } from '../problem.ts';
import { READ_TIMEOUT_MS, type StatusRead, type StatusSource } from './source.ts';

/** How long the others are waited for once one has answered: a Query across an ocean takes some 250 ms. */
const GRACE_MS = 400;

/** @param home The region of this program; null: none of these. */
export function regionsSource(
  sources: ReadonlyMap<string, StatusSource>,
  home: string | null,
  clock: MonotonicClock,
): StatusSource {
  const last = new Map<string, { begun: number; read: StatusRead }>();
  let reads = 0;

  return async (signal) => {
    reads += 1;
    const begun = reads;
    const failures = new Map<string, unknown>();
    const ended = new AbortController();
    const oneRegion = async ([region, source]: [string, StatusSource]) => {
      try {
        const read = await source(AbortSignal.any([signal, ended.signal]));
        // An earlier read may have been slower than this one.
        if ((last.get(region)?.begun ?? 0) < begun) last.set(region, { begun, read });
      } catch (error) {
        failures.set(region, error);
        throw error;
      }
    };
    const running = [...sources].map(oneRegion);
    const all = Promise.allSettled(running).finally(() => ended.abort());
    void clock.sleep(READ_TIMEOUT_MS, ended.signal).then(() => ended.abort());
    await Promise.any(running).catch(() => {});
    await Promise.race([all, clock.sleep(GRACE_MS, ended.signal)]);
    if (last.size === 0) throw failures.values().next().value;
    const read = merged(new Map([...last].map(([region, one]) => [region, one.read])), home, clock.now());
    const late = [...sources.keys()].filter((region) => last.get(region)?.begun !== begun);
    const [missing] = late;
    return missing === undefined ? read : { ...read, problem: problemIn(missing, failures.get(missing), late.length) };
  };
}

function merged(reads: ReadonlyMap<string, StatusRead>, home: string | null, now: Date): StatusRead {
  const regions = new Map<string, Map<string, ProviderStatus>>();
  for (const [region, { statuses }] of reads) {
    for (const status of statuses) {
      const views = regions.get(status.provider) ?? new Map<string, ProviderStatus>();
      regions.set(status.provider, views.set(region, status));
    }
  }
  const unreadable = [...reads.values()].flatMap((read) => read.unreadable);
  return {
    statuses: [...regions.values()].map((views: RegionViews) => verdictOf(views, home, now)),
    // One that another region's status stands in for costs nothing.
    unreadable: unreadable.filter(({ provider }) => !regions.has(provider)),
    regions,
  };
}

/** @param error Undefined: it has not answered yet. */
function problemIn(region: string, error: unknown, late: number): ReaderProblem {
  const { code, message } = problemOf(error ?? { name: 'Timeout' });
  const others = late > 1 ? ` ${late - 1} more did not answer either.` : '';
  return { code, message: `${region}: ${message}${others}` };
}
