/**
 * Keeps history: makes each hour of checks once it is over, makes again what is missing, and brings the days up to date.
 * Called after every tick, it does a bounded share of the work and leaves the rest to the next.
 */

import { eachAtATime } from '../base/at-a-time.ts';
import { messageOf } from '../base/error-text.ts';
import { DAY_MS, floorTo, HOUR_MS } from '../base/time.ts';
import type { ProviderConfig } from '../health/provider.ts';
import type { Span } from '../health/uptime/coverage.ts';
import { dayFrom, type HourHistory } from '../health/uptime/history.ts';
import type { Store } from '../store/store.ts';
import { groupBy, hoursOf, missingStretches } from './aggregate.ts';
import { readNewest } from './newest.ts';
import { slotOf } from './slot.ts';

/** As far back as an hour is looked for: checks are kept 7 days, and the last of them must not go meanwhile. */
const LOOK_BACK_MS = 7 * DAY_MS - 2 * HOUR_MS;
/** An hour takes three or four requests of some milliseconds: 25 providers are well under a second, eight at a time. */
const PROVIDERS_PER_TICK = 25;
const AT_A_TIME = 8;
/** Checks read for one provider in one tick: two days at one a minute, some 2 MB; but always those of two hours. */
const CHECKS_PER_PROVIDER = 3000;

export type KeptProvider = Pick<ProviderConfig, 'id' | 'intervalSeconds'>;

export interface HistoryReport {
  /** Hours that were made. */
  hours: number;
  /** Providers whose turn has come and that were left to the next tick. */
  waiting: number;
  /** Providers whose history could not be kept; it is tried again. */
  failed: { provider: string; reason: string }[];
}

export interface HistoryKeeper {
  /**
   * Does what is due at `now`. Never rejects, so that history cannot cost a tick.
   *
   * @param signal Ends it early; what was not done is done by a later tick.
   */
  keep(providers: readonly KeptProvider[], now: Date, signal?: AbortSignal): Promise<HistoryReport>;
  /** Up to when a provider's hours and days are known to be made, in milliseconds since 1970; 0: not known. */
  completeMs(provider: string): number;
}

/**
 * A keeper remembers what it has seen complete. A new one (a new process) looks back over the week once, so what an
 * earlier one left out is found.
 *
 * @param onDay Called with each day that was put.
 */
export function createHistoryKeeper(
  store: Pick<Store, 'checks' | 'hours' | 'days'>,
  onDay: (provider: string, day: string) => void = () => {},
): HistoryKeeper {
  /** By id: everything before this time is in place. */
  const completeMs = new Map<string, number>();
  /** By id: when its turn last came, so that those that fail do not keep the others waiting. */
  const triedMs = new Map<string, number>();

  function isDue({ id }: KeptProvider, now: Date): boolean {
    const hourMs = floorTo(now.getTime(), HOUR_MS);
    // The clock was set back: what was complete then is looked at again.
    if ((completeMs.get(id) ?? 0) > hourMs) completeMs.delete(id);
    return now.getTime() >= hourMs + slotOf(id) && (completeMs.get(id) ?? 0) < hourMs;
  }

  /** @returns The number of hours made. */
  async function keepOne(provider: KeptProvider, now: Date): Promise<number> {
    const toMs = floorTo(now.getTime(), HOUR_MS);
    const oldestMs = floorTo(toMs - LOOK_BACK_MS, HOUR_MS);
    const fromMs = Math.max(oldestMs, completeMs.get(provider.id) ?? 0);
    // From the beginning of the day, since the day is made of all its hours.
    const range = { fromMs: floorTo(fromMs, DAY_MS), toMs };
    const kept = await store.hours.list(provider.id, timeRange(range));
    const missing = missingStretches(kept, { fromMs, toMs });
    const { hours: made, isComplete } = await makeHours(store, provider, missing);
    if (isComplete) {
      for (const day of await updateDays(store, provider.id, [...kept, ...made], range)) onDay(provider.id, day);
      completeMs.set(provider.id, toMs);
    }
    return made.length;
  }

  return {
    completeMs: (provider) => completeMs.get(provider) ?? 0,

    async keep(providers, now, signal) {
      forgetOthers([completeMs, triedMs], providers);
      const due = providers
        .filter((provider) => isDue(provider, now))
        .sort((a, b) => (triedMs.get(a.id) ?? 0) - (triedMs.get(b.id) ?? 0) || slotOf(a.id) - slotOf(b.id));
      const queue = due.slice(0, PROVIDERS_PER_TICK);
      const report: HistoryReport = { hours: 0, waiting: due.length - queue.length, failed: [] };

      await eachAtATime(queue, AT_A_TIME, async (next) => {
        if (signal?.aborted) {
          report.waiting += 1;
          return;
        }
        const provider = next.id;
        triedMs.set(provider, now.getTime());
        await keepOne(next, now).then(
          (hours) => {
            report.hours += hours;
          },
          (cause: unknown) => {
            report.failed.push({ provider, reason: messageOf(cause) });
          },
        );
      });
      return report;
    },
  };
}

/** Makes the hours that lie in stretches where none are kept, newest stretch first, up to the bound of one tick. */
async function makeHours(store: Pick<Store, 'checks' | 'hours'>, provider: KeptProvider, missing: readonly Span[]) {
  const hours: HourHistory[] = [];
  const intervalMs = provider.intervalSeconds * 1000;
  let left = Math.max(CHECKS_PER_PROVIDER, (2 * HOUR_MS) / intervalMs);
  for (const stretch of missing.toReversed()) {
    const { items, isWhole } = await readNewest(
      (page) => store.checks.page(provider.id, { ...timeRange(stretch), ...page }),
      { items: left },
    );
    left -= items.length;
    const found = hoursOf(provider.id, items, intervalMs);
    // Checks are read newest first: of the oldest hour that was reached, some may be unread.
    const whole = isWhole ? found : found.slice(1);
    for (const hour of whole) await store.hours.put(hour);
    hours.unshift(...whole);
    if (!isWhole) return { hours, isComplete: false };
  }
  return { hours, isComplete: true };
}

/** Brings the days of the range up to its end, from hours that are all there. Those that it put. */
async function updateDays(
  store: Pick<Store, 'days'>,
  provider: string,
  hours: readonly HourHistory[],
  range: Span,
): Promise<string[]> {
  const put: string[] = [];
  const kept = new Map((await store.days.list(provider, timeRange(range))).map((day) => [day.day, day]));
  const byDay = groupBy(hours, ({ hour }) => hour.slice(0, 10));
  for (const [day, ofDay] of byDay) {
    const throughMs = Math.min(Date.parse(day) + DAY_MS, range.toMs);
    const known = kept.get(day);
    if (known && Date.parse(known.through) >= throughMs && known.hours === ofDay.length) continue;
    const inOrder = ofDay.toSorted((a, b) => (a.hour < b.hour ? -1 : 1));
    await store.days.put(dayFrom(provider, day, inOrder, throughMs));
    put.push(day);
  }
  return put;
}

function timeRange({ fromMs, toMs }: Span) {
  // The store's ranges have both ends in them.
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs - 1).toISOString() };
}

function forgetOthers(memories: readonly Map<string, number>[], providers: readonly KeptProvider[]): void {
  const ids = new Set(providers.map(({ id }) => id));
  for (const memory of memories) {
    for (const id of memory.keys()) if (!ids.has(id)) memory.delete(id);
  }
}
