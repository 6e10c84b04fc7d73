/**
 * The order in which to try a reader's providers: the ranking of lib/health, and providers that the monitor does not know. The
 * order of `best` is cached for a second, so that not every request sorts.
 */

import type { MonotonicClock } from '../base/clock.ts';
import {
  byPlace,
  drawn,
  isPanic,
  isSelected,
  rank,
  type Selection,
  STRATEGIES,
  type StalePolicy,
  spin,
  type Tier,
  wheelOf,
} from '../health/select.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Copy } from './copy.ts';
import { expect, expectOptions, oneOf, ReaderError, type Rules } from './error.ts';
import { type Moment, momentOf, sinceMs } from './moment.ts';

export interface Ranked<Id extends string> {
  readonly provider: Id;
  /** The provider's tier; `unknown` also when the monitor does not know the provider, or no read has succeeded. */
  readonly tier: Tier;
  /** Whether the provider may be used now. Providers that are not usable are the last resort. */
  readonly usable: boolean;
  /** Whether the status is older than 3 intervals. */
  readonly stale: boolean;
  /** Null when the monitor does not know the provider, or no read has succeeded. */
  readonly status: ProviderStatus | null;
  /** The weight for `weighted`; 0 when the monitor does not know the provider, which then keeps its place. */
  readonly weight: number;
}

export interface Order<Id extends string> {
  readonly ranked: readonly Ranked<Id>[];
  readonly panic: boolean;
}

/** Which providers may be chosen, and by which strategy. */
export interface ReaderSelection<Id extends string> extends Omit<Selection, 'only' | 'exclude' | 'whenStale'> {
  /** Ids that may be chosen. Default: all of the reader's. */
  only?: readonly Id[];
  /** Ids that may not be chosen. Default: none. */
  exclude?: readonly Id[];
}

const LIST: Rules[string] = [
  (list) => Array.isArray(list) && list.every((id) => typeof id === 'string'),
  'a list of ids',
];

export const SELECTION: Rules = {
  only: LIST,
  exclude: LIST,
  tag: [(tag) => typeof tag === 'string', 'a text'],
  strategy: oneOf(...STRATEGIES),
};

/** What is wrong with a selection; null when nothing is. Programs without TypeScript can pass any value. */
export function mistakeIn(selection: object): string | null {
  try {
    const isObject = Object(selection) === selection && !Array.isArray(selection);
    expect(isObject, 'selection', 'an object', selection);
    expectOptions(SELECTION, selection);
    return null;
  } catch (error) {
    if (error instanceof ReaderError) return error.message;
    throw error;
  }
}

export interface Orders<Id extends string> {
  rank(copy: Copy | null, selection: ReaderSelection<Id>): Order<Id>;
  /** The first provider of `rank`. With `weighted` the chances are the same, but the others are not drawn. */
  first(copy: Copy | null, selection: ReaderSelection<Id>): { provider: Id | null; panic: boolean };
}

interface KeptOrder<Id extends string> extends Order<Id> {
  /** Made at the first selection with `weighted`. */
  wheel?: readonly number[];
}

/** While a copy is kept, statuses become stale and drains end. The order notices this within a second. */
const KEPT_MS = 1000;
/** Programs use a few selections. The limit protects the memory of programs that use a new one for each request. */
const MOST_KEPT = 50;

export function createOrders<Id extends string>(
  ids: readonly Id[],
  whenStale: StalePolicy,
  clock: MonotonicClock,
  random: () => number,
): Orders<Id> {
  let keptFor: Copy | null = null;
  let keptSince: Moment = momentOf(clock);
  const kept = new Map<string, KeptOrder<Id>>();

  function best(copy: Copy, selection: ReaderSelection<Id>): KeptOrder<Id> {
    if (copy !== keptFor || kept.size >= MOST_KEPT || sinceMs(keptSince, clock) >= KEPT_MS) {
      kept.clear();
      keptFor = copy;
      keptSince = momentOf(clock);
    }
    const { only, exclude, tag } = selection;
    const key = JSON.stringify([only, exclude, tag]);
    const found = kept.get(key) ?? orderOf(copy, selection);
    kept.set(key, found);
    return found;
  }

  function orderOf({ statuses }: Copy, { strategy, ...selection }: ReaderSelection<Id>): KeptOrder<Id> {
    const known = ids.flatMap((id) => statuses.get(id) ?? []);
    const ranked = rank(known, { ...selection, whenStale }, clock.now(), random).ranked.map(
      (place): Ranked<Id> => ({ provider: place.status.provider as Id, ...place }),
    );
    const unmonitored = unknownOrder(ids, selection, whenStale).filter(
      ({ provider }) => !statuses.has(provider) && selection.tag === undefined,
    );
    // Sorting is stable: within a tier the order stays.
    const all = [...ranked, ...unmonitored].sort(byPlace);
    return { ranked: all, panic: isPanic(all) };
  }

  /** The order of `best`. Without any copy all providers are usable, whatever `whenStale` is. */
  function orderFor(copy: Copy | null, selection: ReaderSelection<Id>): KeptOrder<Id> {
    return copy ? best(copy, selection) : { ranked: unknownOrder(ids, selection, 'assume-healthy'), panic: false };
  }

  return {
    rank(copy, selection) {
      const { ranked, panic } = orderFor(copy, selection);
      return { ranked: selection.strategy === 'weighted' ? drawn(ranked, random) : ranked, panic };
    },
    first(copy, selection) {
      const order = orderFor(copy, selection);
      let place = 0;
      if (selection.strategy === 'weighted') {
        order.wheel ??= wheelOf(order.ranked);
        place = spin(order.wheel, random);
      }
      return { provider: order.ranked[place]?.provider ?? null, panic: order.panic };
    },
  };
}

/** The selected ids in their given order. They are usable if a stale status counts as healthy. */
function unknownOrder<Id extends string>(
  ids: readonly Id[],
  selection: ReaderSelection<Id>,
  whenStale: StalePolicy,
): Ranked<Id>[] {
  return ids
    .filter((id) => isSelected(id, selection))
    .map((provider) => ({
      provider,
      tier: 'unknown',
      usable: whenStale === 'assume-healthy',
      stale: false,
      status: null,
      weight: 0,
    }));
}
