/**
 * The order in which to try a reader's providers: lib/health's ranking, and the places of those that the monitor does not
 * know. The order of `best` is kept for a moment, so that not every request sorts.
 */

import type { MonotonicClock } from '../base/clock.ts';
import {
  byPlace,
  drawn,
  isPanic,
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
import { oneOf, type Rules } from './error.ts';
import { type Moment, momentOf, sinceMs } from './moment.ts';

export interface Ranked<Id extends string> {
  readonly provider: Id;
  /** Where it stands in the order of selection; `unknown` when the monitor does not know it, or nothing is known of any. */
  readonly tier: Tier;
  /** Whether it may be used now. The others are the last resort. */
  readonly usable: boolean;
  /** Its status is older than 3 intervals. */
  readonly stale: boolean;
  /** Null when the monitor does not know it, or nothing is known of any. */
  readonly status: ProviderStatus | null;
  /** What `weighted` draws by; 0 for one that the monitor does not know: it keeps its place. */
  readonly weight: number;
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

const LIST: Rules[string] = [Array.isArray, 'a list of ids'];

export const SELECTION: Rules = {
  only: LIST,
  exclude: LIST,
  tag: [(tag) => typeof tag === 'string', 'a text'],
  strategy: oneOf(...STRATEGIES),
};

/** What is wrong with a selection, for a problem; null when nothing is. Programs without types can pass anything. */
export function mistakeIn(selection: unknown): string | null {
  if (typeof selection !== 'object' || selection === null) return `a selection of type ${typeof selection}`;
  const given = (name: string) => (selection as Record<string, unknown>)[name];
  const wrong = Object.entries(SELECTION).find(([name, [is]]) => given(name) !== undefined && !is(given(name)));
  return wrong ? `a wrong \`${wrong[0]}\`` : null;
}

export interface Orders<Id extends string> {
  rank(copy: Copy | null, selection: ReaderSelection<Id>): Order<Id>;
  /** The first of `rank`, with the same chances under `weighted` and without drawing the others. */
  first(copy: Copy | null, selection: ReaderSelection<Id>): { provider: Id | null; panic: boolean };
}

interface KeptOrder<Id extends string> extends Order<Id> {
  /** Made when `weighted` first asks for it. */
  wheel: Float64Array | null;
}

/** Statuses turn stale, and drains and rests end, while a copy is kept; a second late is soon enough. */
const KEPT_MS = 1000;
/** A program has a few selections; one that makes up new ones all the time must not fill the memory. */
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
    const key = keyOf(selection);
    const found = kept.get(key) ?? orderOf(copy, selection);
    kept.set(key, found);
    return found;
  }

  function orderOf({ statuses }: Copy, { strategy, ...selection }: ReaderSelection<Id>): KeptOrder<Id> {
    const known = ids.flatMap((id) => statuses.get(id) ?? []);
    const ranked = rank(known, { ...selection, whenStale }, clock.now(), random).ranked.map(
      ({ status, ...place }): Ranked<Id> => ({ provider: status.provider as Id, ...place, status }),
    );
    const unmonitored = unknownOrder(ids, selection, whenStale).filter(
      ({ provider }) => !statuses.has(provider) && selection.tag === undefined,
    );
    // Sorting keeps the order of those that tie.
    const all = [...ranked, ...unmonitored].sort(byPlace);
    return { ranked: all, panic: isPanic(all), wheel: null };
  }

  function rankOf(copy: Copy | null, selection: ReaderSelection<Id>): Order<Id> {
    // When nothing is known of any provider all are usable, also where a stale status does not count.
    if (copy === null) return { ranked: unknownOrder(ids, selection, 'assume-healthy'), panic: false };
    const order = best(copy, selection);
    return selection.strategy === 'weighted' ? { ranked: drawn(order.ranked, random), panic: order.panic } : order;
  }

  return {
    rank: rankOf,
    first(copy, selection) {
      let place = 0;
      let order: Order<Id>;
      if (copy !== null && selection.strategy === 'weighted') {
        const kept = best(copy, selection);
        kept.wheel ??= wheelOf(kept.ranked);
        place = spin(kept.wheel, random);
        order = kept;
      } else order = rankOf(copy, selection);
      return { provider: order.ranked[place]?.provider ?? null, panic: order.panic };
    },
  };
}

/** Those that were given, in their order: usable as a stale one is. */
function unknownOrder<Id extends string>(
  ids: readonly Id[],
  { only, exclude }: ReaderSelection<Id>,
  whenStale: StalePolicy,
): Ranked<Id>[] {
  return ids
    .filter((id) => (only?.includes(id) ?? true) && !exclude?.includes(id))
    .map((provider) => ({
      provider,
      tier: 'unknown',
      usable: whenStale === 'assume-healthy',
      stale: false,
      status: null,
      weight: 0,
    }));
}

/** No id has a slash or a space, so no two selections have the same key. */
function keyOf({ only, exclude, tag }: ReaderSelection<string>): string {
  return only || exclude || tag !== undefined ? `${only?.join() ?? '*'} ${exclude?.join() ?? ''} ${tag ?? '/'}` : '';
}
