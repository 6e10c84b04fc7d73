/**
 * The health of the providers for a program that chooses between them. It decides nothing about health: it reads what the
 * monitor wrote, ranks it by lib/health's rules, and goes on answering when it cannot be read.
 */

import { type MonotonicClock, systemClock } from '../base/clock.ts';
import { type AgedStatus, type LastCheckFields, withAge } from '../health/aged-status.ts';
import type { ProviderStatus } from '../health/status.ts';
import { type HealthSummary, summarize } from '../health/summary.ts';
import { createCache, type Reading } from './cache.ts';
import { sinceMs } from './moment.ts';
import { checkOptions, type ReaderOptions } from './options.ts';
import { createOrders, mistakeIn, type Order, type Ranked, type ReaderSelection } from './order.ts';
import { problem, type ReaderProblem, warnOnce } from './problem.ts';
import { targetSource } from './sources/target-source.ts';

/** Where an answer comes from, and how old it is. */
export interface Provenance {
  /**
   * `table`: read for this answer, from the table or the HTTP API. `cache`: the last good copy. `fallback`: nothing is
   * known of the reader's providers, so that all count as usable, in the order in which they were given.
   */
  source: 'table' | 'cache' | 'fallback';
  /** Milliseconds since what it is made of was read; null when nothing was. */
  ageMs: number | null;
  /** Why there is nothing newer, or what is wrong with what there is; null when all is well. */
  problem: ReaderProblem | null;
}

/** What is believed of one provider: at the top what a `HealthCheck` says, in `status` all that the monitor knows. */
export interface ProviderHealth<Id extends string> extends LastCheckFields {
  provider: Id;
  /** Null when nothing is known of the provider. */
  model: string | null;
  /** As the monitor believes; true when nothing is known. */
  isHealthy: boolean;
  /**
   * Null when nothing is known. The monitor may be newer than this release, and have types and categories that this one does not know.
   */
  status: AgedStatus | null;
  /** What the monitor of each region believes, where there are several; `status` is the verdict. */
  regions?: Readonly<Record<string, AgedStatus>>;
}

/** No method throws or rejects, and none waits longer than `budgetMs`, {@link HealthReader.warmUp} aside. */
export interface HealthReader<Id extends string = string> {
  /** The ids that it was made with. */
  readonly providers: readonly Id[];
  /** How long it uses a copy. */
  readonly cacheSeconds: number;
  getHealthStatus(id: Id): Promise<Provenance & ProviderHealth<Id>>;
  /** Of all that the monitor knows, in id order. */
  getAllHealthStatus(): Promise<Provenance & { statuses: AgedStatus[] }>;
  /**
   * Whether the provider may be used now, at once and from the copy there is; true when that is not known. A plain boolean
   * and no promise, which would be true in every condition. A copy that is old is renewed in the background.
   */
  isHealthy(id: Id): boolean;
  /** Those that may be used now, best first. */
  getHealthyProviders(selection?: ReaderSelection<Id>): Promise<Provenance & { providers: Id[]; panic: boolean }>;
  /** Both scores, 0 to 1; 0 when nothing is known of it. */
  getProviderHealthScore(id: Id): Promise<Provenance & { healthScore: number; routingScore: number }>;
  /** Of all that the monitor knows. */
  getHealthSummary(): Promise<Provenance & HealthSummary>;
  /** The order in which to try the providers: every enabled one, those that are not usable last. */
  rank(selection?: ReaderSelection<Id>): Promise<Provenance & { ranked: readonly Ranked<Id>[]; panic: boolean }>;
  /** The provider to use now; null when the selection leaves none. */
  pick(selection?: ReaderSelection<Id>): Promise<Provenance & { provider: Id | null; panic: boolean }>;
  /**
   * Waits for the statuses, 2 s at most: for the start of a program, where the first read connects, signs and may take
   * longer than the budget. Nothing depends on it.
   */
  warmUp(): Promise<Provenance>;
}

const DEFAULT_CACHE_SECONDS = 5;
const DEFAULT_BUDGET_MS = 100;

/**
 * Makes a reader of the monitor's table, or of its HTTP API, or of a `source`. Make one, outside of the handler, and keep it:
 * it begins to read at once. It never writes, scans or probes, and needs no closing.
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

  /** An answer that the copy has, and where it comes from. @param mistake In the selection of this call. */
  async function withProvenance<T extends object>(
    read: (reading: Reading) => T,
    mistake: string | null = null,
  ): Promise<Provenance & T> {
    const known = cache.get();
    const reading = known instanceof Promise ? await known : known;
    const answer = { ...read(reading), ...provenanceOf(reading, clock) };
    if (mistake !== null) answer.problem ??= problem('bad_selection', mistake);
    return answer;
  }

  /** A wrong selection is left out and reported: a router must not fail by it. */
  function selected<T extends object>(
    given: ReaderSelection<Id>,
    read: (copy: Reading['copy'], selection: ReaderSelection<Id>) => T,
  ): Promise<Provenance & T> {
    const mistake = mistakeIn(given);
    return withProvenance(({ copy }) => read(copy, mistake === null ? given : {}), mistake);
  }

  function ordered<T extends object>(selection: ReaderSelection<Id>, read: (order: Order<Id>) => T) {
    return selected(selection, (copy, sound) => read(orders.rank(copy, sound)));
  }

  const statusOf = ({ copy }: Reading, id: Id) => copy?.statuses.get(id) ?? null;
  const all = ({ copy }: Reading) =>
    [...(copy?.statuses.values() ?? [])].sort((a, b) => (a.provider < b.provider ? -1 : 1));

  return {
    providers: ids,
    cacheSeconds,
    getHealthStatus: (id) =>
      withProvenance((reading) => {
        const known = statusOf(reading, id);
        const views = reading.copy?.regions?.get(id);
        const regions = views && Object.fromEntries([...views].map(([region, view]) => [region, aged(view)]));
        return { ...healthOf(id, known && aged(known)), ...(regions && { regions }) };
      }),
    getAllHealthStatus: () => withProvenance((reading) => ({ statuses: all(reading).map(aged) })),
    isHealthy: (id) => orders.rank(cache.peek().copy, { only: [id] }).ranked[0]?.usable ?? false,
    getHealthyProviders: (selection = {}) =>
      ordered(selection, ({ ranked, panic }) => ({
        providers: ranked.flatMap(({ provider, usable }) => (usable ? provider : [])),
        panic,
      })),
    getProviderHealthScore: (id) =>
      withProvenance((reading) => {
        const status = statusOf(reading, id);
        return { healthScore: status?.healthScore ?? 0, routingScore: status?.routingScore ?? 0 };
      }),
    getHealthSummary: () => withProvenance((reading) => summarize(all(reading), clock.now())),
    rank: (selection = {}) => ordered(selection, ({ ranked, panic }) => ({ ranked, panic })),
    pick: (selection = {}) => selected(selection, orders.first),
    warmUp: async () => provenanceOf(await cache.warmUp(), clock),
  };
}

function healthOf<Id extends string>(provider: Id, status: AgedStatus | null): ProviderHealth<Id> {
  const { model = null, isHealthy = true, responseTimeMs = null, errorMessage = null, timestamp = null } = status ?? {};
  return { provider, model, isHealthy, responseTimeMs, errorMessage, timestamp, status };
}

function provenanceOf({ copy, justRead, problem }: Reading, clock: MonotonicClock): Provenance {
  const source = !copy?.isKnown ? 'fallback' : justRead ? 'table' : 'cache';
  return { source, ageMs: copy && sinceMs(copy.readAt, clock), problem };
}
