/**
 * The history for the page, cached for a while: pages are refreshed far more often than history changes. Not here:
 * reading it (lib/history) and computing the figures (lib/health).
 */

import { DAY_MS } from '../../base/time.ts';
import type { Incident } from '../../health/alerting/incident.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { WholeDays } from '../../health/uptime/past-days.ts';
import { isMadeOfDays, UPTIME_WINDOWS, type Uptime, type UptimeWindow, uptimeOf } from '../../health/uptime/uptime.ts';
import { readIncidents } from '../../history/incidents.ts';
import { readPast } from '../../history/past.ts';
import type { Api } from '../api.ts';
import { memo } from '../read/memo.ts';

/** The answers of the uptime route may be cached for the same time. */
const KEPT_MS = 30_000;
/** The days that are over change once a day. */
const DAYS_KEPT_MS = 300_000;
/** Where ticks are short, the cache lasts at most this many ticks. */
const KEPT_TICKS = 5;

/** Enough for the overview, the incidents page and the feed. */
const INCIDENT_DAYS = 30;
const MOST_INCIDENTS = 1000;
/** The most pages of transitions to read. With more, the newest are enough. */
const MOST_PAGES = 4;

export type UptimeByWindow = Readonly<Record<UptimeWindow, Uptime>>;

/** Each method rejects with the StoreError of a failed read. The next call tries again. */
export interface PageHistory {
  /** The days of the last 90 that are over, by provider. */
  days(): Promise<ReadonlyMap<string, WholeDays>>;
  windows(status: ProviderStatus): Promise<UptimeByWindow>;
  /** Incidents of the last 30 days, newest first, at most 1000. @param provider Null: of all providers. */
  incidents(provider: string | null): Promise<readonly Incident[]>;
}

export function createPageHistory({ store, now, monitor }: Pick<Api, 'store' | 'now' | 'monitor'>): PageHistory {
  const keptMs = (most: number) => Math.min(most, KEPT_TICKS * monitor.tickSeconds * 1000);
  const days = memo<ReadonlyMap<string, WholeDays>>(keptMs(DAYS_KEPT_MS), now);
  const windows = memo<UptimeByWindow>(keptMs(KEPT_MS), now);
  const incidents = memo<readonly Incident[]>(keptMs(KEPT_MS), now);
  const past = ({ provider, intervalSeconds }: ProviderStatus, window: UptimeWindow, at: Date) =>
    readPast(store, { id: provider, intervalSeconds }, window, at);
  return {
    days: () => days('*', () => store.fleetDays.list()),
    windows: (status) =>
      windows(status.provider, async () => {
        const at = now();
        // Two reads are enough for five windows: the checks of a week contain the hour and the day, and 90 days contain
        // 30.
        const [week, quarter] = await Promise.all([past(status, '7d', at), past(status, '90d', at)]);
        const uptimes = UPTIME_WINDOWS.map(
          (window) => [window, uptimeOf(window, isMadeOfDays(window) ? quarter : week, at)] as const,
        );
        return Object.fromEntries(uptimes) as UptimeByWindow;
      }),
    incidents: (provider) =>
      incidents(provider ?? '*', async () => {
        const toMs = now().getTime();
        const range = { provider, fromMs: toMs - INCIDENT_DAYS * DAY_MS, toMs, mostPages: MOST_PAGES };
        return (await readIncidents(store.transitions, range)).incidents.slice(0, MOST_INCIDENTS);
      }),
  };
}
