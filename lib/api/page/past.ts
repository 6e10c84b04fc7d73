/**
 * The past of providers for the page, kept a while: the bars of a whole fleet are a Query for each provider, and a page
 * is refreshed far more often than a day of 90 changes. What is read and made of it is lib/history's and lib/health's.
 */

import type { ProviderStatus } from '../../health/status.ts';
import { UPTIME_WINDOWS, type Uptime, type UptimeWindow, uptimeOf, windowAt } from '../../health/uptime.ts';
import { readPast } from '../../history/past.ts';
import { StoreError } from '../../store/store.ts';
import type { Api } from '../api.ts';

/** As the uptime route's answers may be kept. */
const WINDOWS_KEPT_MS = 30_000;
/** In ticks: today's bar is that old at most, and never older than the maximum. */
const DAYS_KEPT_TICKS = 5;
const DAYS_KEPT_MAXIMUM_MS = 300_000;

export type UptimeByWindow = Readonly<Record<UptimeWindow, Uptime>>;

export interface PageHistory {
  /** Of 90 days; null when it cannot be read now, which must not cost the page. */
  days(status: ProviderStatus): Promise<Uptime | null>;
  /** Of every window; null likewise. */
  windows(status: ProviderStatus): Promise<UptimeByWindow | null>;
}

export function createPageHistory(api: Pick<Api, 'store' | 'now' | 'monitor'>): PageHistory {
  const { store, now, monitor } = api;
  const daysKeptMs = Math.min(DAYS_KEPT_MAXIMUM_MS, DAYS_KEPT_TICKS * monitor.tickSeconds * 1000);
  const days = memo<Uptime | null>(daysKeptMs, now);
  const windows = memo<UptimeByWindow | null>(Math.min(daysKeptMs, WINDOWS_KEPT_MS), now);
  const past = ({ provider, intervalSeconds }: ProviderStatus, window: UptimeWindow, at: Date) =>
    readPast(store, { id: provider, intervalSeconds }, window, at);
  return {
    days: (status) =>
      days(status.provider, async () => {
        const at = now();
        return nullOnStoreError(async () => uptimeOf('90d', await past(status, '90d', at), at));
      }),
    windows: (status) =>
      windows(status.provider, async () => {
        const at = now();
        // Two reads make five windows: a week in checks holds an hour and a day, 90 days hold 30.
        return nullOnStoreError(async () => {
          const [week, quarter] = await Promise.all([past(status, '7d', at), past(status, '90d', at)]);
          const uptimeOver = (window: UptimeWindow) => {
            if (window === '30d' || window === '90d') return uptimeOf(window, quarter, at);
            const { fromMs } = windowAt(window, at);
            return uptimeOf(
              window,
              { days: [], observations: week.observations.filter(({ atMs }) => atMs >= fromMs) },
              at,
            );
          };
          return Object.fromEntries(UPTIME_WINDOWS.map((window) => [window, uptimeOver(window)])) as UptimeByWindow;
        });
      }),
  };
}

async function nullOnStoreError<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

/** Keeps values for a while, one reading in flight for each key; a failed one (null or thrown) is not kept. */
function memo<T>(keptMs: number, now: () => Date): (key: string, read: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { untilMs: number; value: Promise<T> }>();
  return (key, read) => {
    const nowMs = now().getTime();
    for (const [other, { untilMs }] of kept) if (untilMs <= nowMs) kept.delete(other);
    const known = kept.get(key);
    if (known) return known.value;
    const value = read();
    kept.set(key, { untilMs: nowMs + keptMs, value });
    const forget = () => void (kept.get(key)?.value === value && kept.delete(key));
    value.then((result) => void (result === null && forget()), forget);
    return value;
  };
}
