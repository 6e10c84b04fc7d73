/**
 * The order in which to try a reader's providers: lib/health's ranking, and where those stand of whom it knows nothing.
 * The order of `best` is kept for a moment, so that a request does not pay for sorting.
 */

import type { MonotonicClock } from '../base/clock.ts';
import { type RankedProvider, rank, type Selection, type StalePolicy } from '../health/select.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Copy } from './copy.ts';
import { type Moment, momentOf, sinceMs } from './moment.ts';

export interface Ranked<Id extends string> {
  readonly provider: Id;
  readonly usable: boolean;
  /** Its status is older than 3 intervals. */
  readonly stale: boolean;
  /** Null when the monitor does not know it, or nothing is known of any. */
  readonly status: ProviderStatus | null;
}

export interface Order<Id extends string> {
  readonly ranked: readonly Ranked<Id>[];
  readonly panic: boolean;
}

/** What may be chosen from, beyond the reader's `whenStale`. */
export interface ReaderSelection<Id extends string> extends Omit<Selection, 'only' | 'exclude' | 'whenStale'> {
  /** Ids that may be chosen. Default: all of the reader's. */
  only?: readonly Id[];
  /** Ids that may not be chosen. Default: none. */
  exclude?: readonly Id[];
}

/** Statuses turn stale and drains end while a copy is kept; a second late is soon enough. */
const KEPT_MS = 1000;
/** A program has a few selections; one that makes up new ones all the time must not fill the memory. */
const MOST_KEPT = 50;

export function createOrders<Id extends string>(
  ids: readonly Id[],
  whenStale: StalePolicy,
  clock: MonotonicClock,
  random: () => number,
): (copy: Copy | null, selection: ReaderSelection<Id>) => Order<Id> {
  let keptFor: Copy | null = null;
  let keptSince: Moment = momentOf(clock);
  const kept = new Map<string, Order<Id>>();

  return (copy, selection) => {
    if (copy === null) return unknownOrder(ids, selection);
    if (selection.strategy === 'weighted') return orderOf(copy);
    if (copy !== keptFor || kept.size >= MOST_KEPT || sinceMs(keptSince, clock) >= KEPT_MS) {
      kept.clear();
      keptFor = copy;
      keptSince = momentOf(clock);
    }
    const key = keyOf(selection);
    const found = kept.get(key) ?? orderOf(copy);
    kept.set(key, found);
    return found;

    function orderOf({ statuses }: Copy): Order<Id> {
      const known = ids.flatMap((id) => statuses.get(id) ?? []);
      const { ranked, panic } = rank(known, { ...selection, whenStale }, clock.now(), random);
      const unmonitored = unknownOrder(ids, selection).ranked.filter(
        ({ provider }) => !statuses.has(provider) && selection.tag === undefined,
      );
      return joined(ranked as (RankedProvider & { status: { provider: Id } })[], unmonitored, panic, whenStale);
    }
  };
}

/**
 * A provider that the monitor does not know counts as a stale one: behind those that work and before those that do not.
 * Unless that counts as down: then it is listed only where all are.
 */
function joined<Id extends string>(
  ranked: readonly (RankedProvider & { status: { provider: Id } })[],
  unmonitored: readonly Ranked<Id>[],
  panic: boolean,
  whenStale: StalePolicy,
): Order<Id> {
  const known = ranked.map(({ status, usable, stale }) => ({ provider: status.provider, usable, stale, status }));
  const usable = known.filter((one) => one.usable);
  const unusable = known.filter((one) => !one.usable);
  if (whenStale === 'assume-healthy') return { ranked: [...usable, ...unmonitored, ...unusable], panic };
  const all = panic || usable.length === 0;
  const down = all ? unmonitored.map((one) => ({ ...one, usable: false })) : [];
  return { ranked: [...usable, ...down, ...unusable], panic: panic || down.length > 0 };
}

/** Those that were given, in the order in which they were. */
function unknownOrder<Id extends string>(ids: readonly Id[], { only, exclude }: ReaderSelection<Id>): Order<Id> {
  const ranked = ids
    .filter((id) => (only?.includes(id) ?? true) && !exclude?.includes(id))
    .map((provider) => ({ provider, usable: true, stale: false, status: null }));
  return { ranked, panic: false };
}

/** No id has a slash or a space, so no two selections have the same key. */
function keyOf({ only, exclude, tag }: ReaderSelection<string>): string {
  return only || exclude || tag !== undefined ? `${only?.join() ?? '*'} ${exclude?.join() ?? ''} ${tag ?? '/'}` : '';
}
