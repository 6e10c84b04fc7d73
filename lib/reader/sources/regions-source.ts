/**
 * Reads statuses from the monitors of several regions, each with a table or an API of its own, and combines them into a verdict
 * on each provider. If a region does not answer, its last statuses count until they are stale.
 */

import type { MonotonicClock } from '../../base/clock.ts';
import { type RegionViews, verdictOf } from '../../health/regions.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { expect, expectOptions, oneOf } from '../error.ts';
import { expectTarget, type HttpTarget, isHttp, type TableTarget } from '../options.ts';
import { problemOf, type ReaderProblem } from '../problem.ts';
import { READ_TIMEOUT_MS, type ReaderSource, type StatusRead, type StatusSource } from './source.ts';
import { targetSource } from './target-source.ts';

/** When one region has answered, wait this long for the others. A Query across an ocean takes about 250 ms. */
const GRACE_MS = 400;

export interface RegionsOptions {
  /** The region of this program. Its status is returned if it agrees with the verdict. Default: AWS_REGION. */
  home?: string;
}

/**
 * Creates the `source` of a reader for the monitors of several regions, each deployed by itself.
 *
 * @example
 * const source = ofRegions({ 'eu-central-1': { tableName: 'health-eu' }, 'us-east-1': { tableName: 'health-us' } });
 * const health = createHealthReader({ source, providers: ['openai', 'claude', 'glm'] });
 *
 * @param regions The table or API of each region's monitor. The key is the table's region, unless `region`, `endpoint` or
 * `client` is set.
 * @throws {ReaderError} When a region or an option is wrong. A wrong target is refused when the reader is created.
 */
export function ofRegions(
  regions: Readonly<Record<string, TableTarget | HttpTarget>>,
  options: RegionsOptions = {},
): ReaderSource {
  const targets = Object.entries(Object(regions) as typeof regions);
  expect(targets.length > 0, 'regions', 'a table or a URL for each region, at least one', targets.length);
  for (const [region, target] of targets) expectTarget({}, target, `regions.${region}.`);
  expectOptions({ home: oneOf(...Object.keys(regions)) }, options);
  const { home = process.env.AWS_REGION ?? '' } = options;
  return (clock) =>
    regionsSource(new Map(targets.map((target) => [target[0], targetSource(placed(target), clock)])), home, clock);
}

function placed([region, target]: [string, TableTarget | HttpTarget]): TableTarget | HttpTarget {
  return isHttp(target) || target.region || target.endpoint || target.client ? target : { ...target, region };
}

/** @param home The region of this program. It need not be one of the sources. */
export function regionsSource(
  sources: ReadonlyMap<string, StatusSource>,
  home: string,
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
        // Keep the result of the newest read: an earlier one may end later.
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

function merged(reads: ReadonlyMap<string, StatusRead>, home: string, now: Date): StatusRead {
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
    // A provider is unreadable only if no region has a readable status of it.
    unreadable: unreadable.filter(({ provider }) => !regions.has(provider)),
    regions,
  };
}

/** @param error Undefined: the region has not answered yet. */
function problemIn(region: string, error: unknown, late: number): ReaderProblem {
  const { code, message } = problemOf(error ?? { name: 'Timeout' });
  const others = late > 1 ? ` ${late - 1} more did not answer either.` : '';
  return { code, message: `${region}: ${message}${others}` };
}
