/**
 * Keeps history: makes each hour from its checks when the hour is over, fills in missing hours, and updates the days. It is
 * called after every tick; each call does a bounded part of the work and leaves the rest to the next tick.
 */

import { messageOf } from '../base/error-text.ts';
import { forEachLimited } from '../base/for-each-limited.ts';
import { DAY_MS, floorTo, HOUR_MS } from '../base/time.ts';
import type { ProviderConfig } from '../health/provider.ts';
import type { Span } from '../health/uptime/coverage.ts';
import { dayFrom, type HourHistory } from '../health/uptime/history.ts';
import type { Store } from '../store/store.ts';
import { groupBy, hoursOf, missingStretches } from './aggregate.ts';
import { readNewest } from './newest.ts';
import { slotOf } from './slot.ts';

/** How far back the keeper looks for missing hours. Checks are kept 7 days; two hours less, so that none expires meanwhile. */
const LOOK_BACK_MS = 7 * DAY_MS - 2 * HOUR_MS;
/** One hour of one provider needs three or four requests of a few milliseconds, so 25 providers need less than a second. */
const PROVIDERS_PER_TICK = 25;
const AT_A_TIME = 8;
/** Checks to read for one provider in one tick: two days of one check a minute, about 2 MB. At least those of two hours. */
const CHECKS_PER_PROVIDER = 3000;

export type KeptProvider = Pick<ProviderConfig, 'id' | 'intervalSeconds'>;

export interface HistoryReport {
  /** Hours that were written. */
  hours: number;
  /** Providers that are due but were left to the next tick. */
  waiting: number;
  /** Providers for which keeping failed, with the reason. A later tick tries again. */
  failed: { provider: string; reason: string }[];
}

export interface HistoryKeeper {
  /**
   * Does the work that is due at `now`. Never rejects, so that an error in history cannot fail a tick.
   *
   * @param signal Ends the work early. A later tick does the rest.
   */
  keep(providers: readonly KeptProvider[], now: Date, signal?: AbortSignal): Promise<HistoryReport>;
  /** The time before which all hours and days of a provider are written, in milliseconds since 1970; 0: not known. */
  completeMs(provider: string): number;
}

/**
 * A keeper remembers which hours are complete. A new keeper (in a new process) checks the whole week once, so it finds the
 * hours that an earlier process did not write.
 *
 * @param onDay Called with each day that was written.
 */
export function createHistoryKeeper(
  store: Pick<Store, 'checks' | 'hours' | 'days'>,
  onDay: (provider: string, day: string) => void = () => {},
): HistoryKeeper {
  /** By id: all hours and days before this time are written. */
  const completeMs = new Map<string, number>();
  /** By id: the time of the last attempt. Providers that fail go to the end of the queue. */
  const triedMs = new Map<string, number>();

  function isDue({ id }: KeptProvider, now: Date): boolean {
    const hourMs = floorTo(now.getTime(), HOUR_MS);
    // The clock was set back, so check again.
    if ((completeMs.get(id) ?? 0) > hourMs) completeMs.delete(id);
    return now.getTime() >= hourMs + slotOf(id) && (completeMs.get(id) ?? 0) < hourMs;
  }

  /** @returns The number of hours written. */
  async function keepOne(provider: KeptProvider, now: Date): Promise<number> {
    const toMs = floorTo(now.getTime(), HOUR_MS);
    const oldestMs = floorTo(toMs - LOOK_BACK_MS, HOUR_MS);
    const fromMs = Math.max(oldestMs, completeMs.get(provider.id) ?? 0);
    // Read from the beginning of the day: the day's figures need all its hours.
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

      await forEachLimited(queue, AT_A_TIME, async (next) => {
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

/** Makes the missing hours, newest first, up to the bound of one tick. */
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
    // Checks are read newest first, so some checks of the oldest hour may not be read yet.
    const whole = isWhole ? found : found.slice(1);
    for (const hour of whole) await store.hours.put(hour);
    hours.unshift(...whole);
    if (!isWhole) return { hours, isComplete: false };
  }
  return { hours, isComplete: true };
}

/** Updates the days of a range from its hours, which are complete. Returns the days that it wrote. */
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
  // A range of the store includes its end.
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs - 1).toISOString() };
}

function forgetOthers(memories: readonly Map<string, number>[], providers: readonly KeptProvider[]): void {
  const ids = new Set(providers.map(({ id }) => id));
  for (const memory of memories) {
    for (const id of memory.keys()) if (!ids.has(id)) memory.delete(id);
  }
}
