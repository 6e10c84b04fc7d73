/**
 * Collects the finished days of all providers of a shard in one item (the days of the fleet). The overview page then needs
 * only a few reads for any number of providers. The keeper is called after every tick, but works only once a day.
 */

import { messageOf } from '../base/error-text.ts';
import { forEachLimited } from '../base/for-each-limited.ts';
import { HOUR_MS } from '../base/time.ts';
import { countsOfTally, dayAfter, lastWholeDay } from '../health/uptime/day-counts.ts';
import { DAYS_SHOWN, joinedDays, type WholeDays, withoutUnfinished } from '../health/uptime/past-days.ts';
import type { Store } from '../store/store.ts';

/** The first time, a provider's 90 days need one Query of 200 kB. Later one small Query, for the last day, is enough. */
const PROVIDERS_PER_TICK = 25;
const AT_A_TIME = 8;
/** Most providers have their last day by half past midnight UTC. After an hour, write the item without the missing ones. */
const PATIENCE_MS = HOUR_MS;

export interface FleetDaysKeeper {
  /**
   * Collects the days that are finished. Never rejects, so that an error here cannot fail a tick.
   *
   * @param providers Ids of all providers of the shard.
   * @param signal Ends the work early. A later tick does the rest.
   * @returns The error's message; null when all went well. The next tick tries again.
   */
  keep(shard: string, providers: readonly string[], now: Date, signal?: AbortSignal): Promise<string | null>;
  /** The history keeper calls this when it has written a day, for the first time or again. */
  made(provider: string, day: string): void;
}

/** @param completeMs Returns the time before which all days of a provider are written, in milliseconds since 1970. */
export function createFleetDaysKeeper(
  store: Pick<Store, 'days' | 'fleetDays'>,
  completeMs: (provider: string) => number,
): FleetDaysKeeper {
  /** The days from the table, with those that were added since. Null: not read yet. */
  let known: Map<string, WholeDays> | null = null;
  /** By provider: the earliest day that was written since the last call of `keep`. */
  const remade = new Map<string, string>();
  let isNew = false;

  async function join(provider: string, through: string, days: Map<string, WholeDays>): Promise<void> {
    const before = days.get(provider) ?? null;
    const oldest = dayAfter(through, 1 - DAYS_SHOWN);
    const [, from = oldest] = [oldest, before ? dayAfter(before.through) : oldest].sort();
    const range = { from: `${from}T00:00:00.000Z`, to: `${through}T00:00:00.000Z` };
    const found = (await store.days.list(provider, range)).map(({ day, tally }) => countsOfTally(day, tally));
    days.set(provider, joinedDays(provider, before, found, through));
    // A provider that was never checked has nothing to show.
    if (before !== null || found.length > 0) isNew = true;
  }

  function takeBack(days: Map<string, WholeDays>, now: Date): void {
    for (const [provider, day] of remade) {
      const whole = days.get(provider);
      if (whole && whole.through >= day) days.set(provider, cutBefore(whole, day));
    }
    remade.clear();
    for (const [provider, whole] of days) days.set(provider, withoutUnfinished(whole, now));
  }

  async function work(shard: string, providers: readonly string[], now: Date, signal?: AbortSignal): Promise<void> {
    const through = lastWholeDay(now);
    const midnightMs = Date.parse(dayAfter(through));
    const complete = providers.filter((provider) => completeMs(provider) >= midnightMs);
    if (complete.length === 0) return;
    known ??= await store.fleetDays.list();
    const days = known;
    takeBack(days, now);
    const behind = complete.filter((provider) => (days.get(provider)?.through ?? '') < through);
    const queue = behind.slice(0, PROVIDERS_PER_TICK);
    await forEachLimited(queue, AT_A_TIME, async (provider) => {
      if (!signal?.aborted) await join(provider, through, days);
    });
    const isReady = complete.length === providers.length || now.getTime() >= midnightMs + PATIENCE_MS;
    if (!isNew || !isReady || signal?.aborted || behind.length > PROVIDERS_PER_TICK) return;
    const members = new Set(providers);
    for (const provider of days.keys()) if (!members.has(provider)) days.delete(provider);
    await store.fleetDays.put(shard, [...days.values()]);
    isNew = false;
  }

  return {
    async keep(shard, providers, now, signal) {
      try {
        await work(shard, providers, now, signal);
        return null;
      } catch (cause) {
        return messageOf(cause);
      }
    },
    made(provider, day) {
      const earlier = remade.get(provider);
      if (earlier === undefined || day < earlier) remade.set(provider, day);
    },
  };
}

function cutBefore(whole: WholeDays, day: string): WholeDays {
  return { ...whole, through: dayAfter(day, -1), days: whole.days.filter((one) => one.day < day) };
}
