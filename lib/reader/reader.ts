/**
 * The reader, for programs that choose between providers. It does not judge health: it reads the statuses that the monitor
 * wrote, and ranks them by the rules of lib/health. When it cannot read, it still answers.
 */

import { type MonotonicClock, systemClock } from '../base/clock.ts';
import { type AgedStatus, type LastCheckFields, lastCheckFields, withAge } from '../health/aged-status.ts';
import type { ProviderStatus } from '../health/status.ts';
import { type HealthSummary, summarize } from '../health/summary.ts';
import { createCache, type Reading } from './cache.ts';
import type { Copy } from './copy.ts';
import { sinceMs } from './moment.ts';
import { checkOptions, type ReaderOptions } from './options.ts';
import { createOrders, mistakeIn, type Ranked, type ReaderSelection } from './order.ts';
import { type ReaderProblem, selectionProblem, warnOnce } from './problem.ts';
import { targetSource } from './sources/target-source.ts';

/** The source of an answer, and its age. */
export interface Provenance {
  /**
   * `table`: read for this answer, from the table or the HTTP API. `cache`: the last good copy. `fallback`: no status of the
   * reader's providers is known, so all count as usable, in the order of `providers`.
   */
  source: 'table' | 'cache' | 'fallback';
  /** Milliseconds since the statuses were read; null when no read has succeeded. */
  ageMs: number | null;
  /** Why there are no newer statuses, or what is wrong with these; null when all is well. */
  problem: ReaderProblem | null;
}

/** The health of one provider: the fields of the last check at the top level, and the whole status in `status`. */
export interface ProviderHealth<Id extends string> extends LastCheckFields {
  provider: Id;
  /** Null when the provider's status is not known. */
  model: string | null;
  /** From the status; true when the status is not known. */
  isHealthy: boolean;
  /** Null when it is not known. A newer monitor may write types and categories that this release does not know. */
  status: AgedStatus | null;
  /** The status in the monitor of each region, if there are several; `status` is the verdict. */
  regions?: Readonly<Record<string, AgedStatus>>;
}

/** No method throws or rejects, and none waits longer than `budgetMs`, except {@link HealthReader.warmUp}. */
export interface HealthReader<Id extends string = string> {
  /** The ids from the options. */
  readonly providers: readonly Id[];
  /** How many seconds a copy of the statuses is used. */
  readonly cacheSeconds: number;
  getHealthStatus(id: Id): Promise<Provenance & ProviderHealth<Id>>;
  /** The statuses of all providers that the monitor knows, ordered by id. */
  getAllHealthStatus(): Promise<Provenance & { statuses: AgedStatus[] }>;
  /**
   * Whether the provider may be used now, from the present copy; true when that is not known. For an id that is not in
   * `providers` it is `isHealthy` of {@link HealthReader.getHealthStatus}. It returns a boolean and not a
   * promise, because a promise counts as true in every condition. If the copy is old, a read begins in the background.
   */
  isHealthy(id: Id): boolean;
  /** The providers that may be used now, best first. */
  getHealthyProviders(selection?: ReaderSelection<Id>): Promise<Provenance & { providers: Id[]; panic: boolean }>;
  /** Both scores, 0 to 1; 0 when the status is not known. */
  getProviderHealthScore(id: Id): Promise<Provenance & { healthScore: number; routingScore: number }>;
  /** The summary of all providers that the monitor knows. */
  getHealthSummary(): Promise<Provenance & HealthSummary>;
  /** All enabled providers in the order to try them. Those that are not usable come last. */
  rank(selection?: ReaderSelection<Id>): Promise<Provenance & { ranked: readonly Ranked<Id>[]; panic: boolean }>;
  /** The provider to use now; null when the selection leaves none. */
  pick(selection?: ReaderSelection<Id>): Promise<Provenance & { provider: Id | null; panic: boolean }>;
  /**
   * Waits for the statuses, at most 2 s. Call it at the start of a program, because the first read must open a connection and may
   * take longer than the budget. Calling it is optional.
   */
  warmUp(): Promise<Provenance>;
}

const DEFAULT_CACHE_SECONDS = 5;
const DEFAULT_BUDGET_MS = 100;

/**
 * Creates a reader of the monitor's table, of its HTTP API, or of a `source`. Create one reader, outside of the handler, and keep
 * it: it begins to read at once. It only reads statuses, and need not be closed.
 *
 * @example
 * const health = createHealthReader({ tableName: 'provider-health', providers: ['openai', 'claude', 'glm'] });
 * await health.warmUp();
 * const { provider } = await health.pick();
 *
 * @throws {ReaderError} When an option is wrong.
 */
export function createHealthReader<const Id extends string>(options: ReaderOptions<Id>): HealthReader<Id> {
  checkOptions(options);
  const { cacheSeconds = DEFAULT_CACHE_SECONDS, budgetMs = DEFAULT_BUDGET_MS, clock = systemClock } = options;
  const { whenStale = 'assume-healthy', random = Math.random, onProblem = warnOnce() } = options;
  const ids = [...options.providers];
  const source = options.source ? options.source(clock) : targetSource(options, clock);
  const cache = createCache({ source, clock, ids, cacheMs: cacheSeconds * 1000, budgetMs, onProblem });
  const orders = createOrders(ids, whenStale, clock, random);

  const aged = (status: ProviderStatus) => withAge(status, clock.now());

  /** An answer from the copy, with its source. */
  async function answer<T extends object>(read: (reading: Reading) => T): Promise<Provenance & T> {
    const reading = await cache.get();
    return { ...read(reading), ...provenanceOf(reading, clock) };
  }

  /** A wrong selection is ignored and reported, so that a router does not fail because of it. */
  async function selected<T extends object>(
    read: (copy: Copy | null, selection: ReaderSelection<Id>) => T,
    selection: ReaderSelection<Id> = {},
  ): Promise<Provenance & T> {
    const mistake = mistakeIn(selection);
    if (mistake === null) return answer(({ copy }) => read(copy, selection));
    // It comes before a problem of the read, which onProblem gets too: an ignored selection is known here only.
    return { ...(await answer(({ copy }) => read(copy, {}))), problem: selectionProblem(mistake) };
  }

  const statusOf = ({ copy }: Reading, id: Id) => copy?.statuses.get(id) ?? null;
  const all = ({ copy }: Reading) =>
    [...(copy?.statuses.values() ?? [])].sort((a, b) => (a.provider < b.provider ? -1 : 1));

  return {
    providers: ids,
    cacheSeconds,
    getHealthStatus: (id) =>
      answer((reading) => {
        const known = statusOf(reading, id);
        const views = reading.copy?.regions?.get(id);
        const regions = views && Object.fromEntries([...views].map(([region, view]) => [region, aged(view)]));
        return { ...healthOf(id, known && aged(known)), ...(regions && { regions }) };
      }),
    getAllHealthStatus: () => answer((reading) => ({ statuses: all(reading).map(aged) })),
    isHealthy(id) {
      const reading = cache.peek();
      // Only the reader's own providers have a place in the order. Another id has its status, as in getHealthStatus.
      if (!ids.includes(id)) return statusOf(reading, id)?.isHealthy ?? true;
      return orders.rank(reading.copy, { only: [id] }).ranked[0]?.usable ?? false;
    },
    getHealthyProviders: (selection) =>
      selected((copy, sound) => {
        const { ranked, panic } = orders.rank(copy, sound);
        return { providers: ranked.flatMap(({ provider, usable }) => (usable ? provider : [])), panic };
      }, selection),
    getProviderHealthScore: (id) =>
      answer((reading) => {
        const { healthScore = 0, routingScore = 0 } = statusOf(reading, id) ?? {};
        return { healthScore, routingScore };
      }),
    getHealthSummary: () => answer((reading) => summarize(all(reading), clock.now())),
    rank: (selection) => selected(orders.rank, selection),
    pick: (selection) => selected(orders.first, selection),
    warmUp: async () => provenanceOf(await cache.warmUp(), clock),
  };
}

function healthOf<Id extends string>(provider: Id, status: AgedStatus | null): ProviderHealth<Id> {
  const { model = null, isHealthy = true, lastCheck = null } = status ?? {};
  return { provider, model, isHealthy, ...lastCheckFields(lastCheck), status };
}

function provenanceOf({ copy, justRead, problem }: Reading, clock: MonotonicClock): Provenance {
  const source = !copy?.isKnown ? 'fallback' : justRead ? 'table' : 'cache';
  return { source, ageMs: copy && sinceMs(copy.readAt, clock), problem };
}
