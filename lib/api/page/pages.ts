/**
 * Reads the data of a page or the feed, and renders it. The statuses must be readable. History that cannot be read is
 * left out, and the page says so.
 */

import { DAY_MS, MINUTE_MS } from '../../base/time.ts';
import { PAGE_DEFAULTS } from '../../config/page.ts';
import { withAge } from '../../health/aged-status.ts';
import type { Incident } from '../../health/alerting/incident.ts';
import { incidentAddressOf } from '../../health/alerting/incident-address.ts';
import { daysShown, pastDaysOf } from '../../health/uptime/past-days.ts';
import { readIncident } from '../../history/incidents.ts';
import type { Api } from '../api.ts';
import { unknownIncident } from '../http/problem.ts';
import { readFleet, readStatus } from '../read/fleet.ts';
import { readPulses } from '../read/heartbeat.ts';
import { orNull } from '../read/or-null.ts';
import { incidentsPage, type RawIncidentFilter } from './incidents/all.ts';
import { atomFeed } from './incidents/feed.ts';
import { incidentPage } from './incidents/one.ts';
import { inOrder, matches } from './list/order.ts';
import { type RawView, viewOf } from './list/view.ts';
import { overviewPage, PAGE_ROWS } from './overview.ts';
import { createPageHistory } from './past.ts';
import { providerPage } from './provider.ts';

/** A page refreshes twice a tick, within these bounds: more often would show nothing new. */
const REFRESH_SECONDS = { least: 5, most: 30 } as const;
const CHECKS_SHOWN = 30;
/** How long checks are kept. */
const CHECKS_KEPT_MS = 7 * DAY_MS;
const INCIDENTS_SHOWN = { provider: 10, feed: 50 } as const;
/** Time before and after an incident's beginning and end for which checks are shown. */
const EDGE_MS = 10 * MINUTE_MS;

export interface Pages {
  /** @throws {StoreError} */
  overview(view: RawView): Promise<string>;
  /**
   * @param mayChange Whether the page offers checks and changes.
   * @throws {CheckerError} `unknown_provider`
   * @throws {StoreError}
   */
  provider(id: string, mayChange: boolean): Promise<string>;
  /** The page of the incidents of the last 30 days. */
  incidents(filter: RawIncidentFilter): Promise<string>;
  /**
   * @param slug The last part of the incident's address.
   * @throws {Problem} `unknown_incident`
   * @throws {StoreError}
   */
  incident(slug: string): Promise<string>;
  /**
   * @param root Address of the monitor, without a trailing slash.
   * @throws {StoreError}
   */
  feed(root: string): Promise<string>;
}

export function createPages(api: Api): Pages {
  const history = createPageHistory(api);
  const refreshSeconds = Math.min(REFRESH_SECONDS.most, Math.max(REFRESH_SECONDS.least, api.monitor.tickSeconds / 2));
  const site = { ...(api.monitor.page ?? PAGE_DEFAULTS), signInPath: api.signInPath };
  return {
    async overview(rawView) {
      const [{ statuses, unreadable }, pulses, past, days] = await Promise.all([
        readFleet(api),
        readPulses(api),
        orNull(history.incidents(null)),
        orNull(history.days()),
      ]);
      const now = api.now();
      const aged = statuses.map((status) => withAge(status, now));
      const asked = viewOf(rawView);
      const found = aged.filter((status) => matches(asked, status));
      // A page number after the last page, for example after providers were removed, shows the last page.
      const view = { ...asked, page: Math.min(asked.page, Math.max(1, Math.ceil(found.length / PAGE_ROWS))) };
      const counted = new Map(statuses.map((status) => [status.provider, status]));
      const shownDays = daysShown(now);
      const pastDays = (provider: string) => {
        const status = counted.get(provider);
        return days && status ? pastDaysOf(days.get(provider) ?? null, status, shownDays) : null;
      };
      const matching = inOrder(found, view, pastDays);
      const shown = matching.slice((view.page - 1) * PAGE_ROWS, view.page * PAGE_ROWS);
      const names = new Set(matching.map(({ provider }) => provider));
      return String(
        await overviewPage({
          statuses: aged,
          unreadable,
          view,
          matching,
          shown,
          past: new Map(shown.map(({ provider }) => [provider, pastDays(provider)])),
          incidents: past?.filter(({ provider }) => names.has(provider)) ?? null,
          monitor: newsOf(pulses),
          site,
          now,
          refreshSeconds,
        }),
      );
    },

    async provider(id, mayChange) {
      const stored = await readStatus(api, id);
      const [windows, past, checks] = await Promise.all([
        orNull(history.windows(stored)),
        orNull(history.incidents(id)),
        orNull(lastChecks(api, id)),
      ]);
      const now = api.now();
      const status = withAge(stored, now);
      const incidents = past?.slice(0, INCIDENTS_SHOWN.provider) ?? null;
      return String(await providerPage({ status, windows, incidents, checks, mayChange, site, now, refreshSeconds }));
    },

    async incidents(filter) {
      const incidents = await history.incidents(null);
      return String(await incidentsPage({ incidents, filter, site, now: api.now(), refreshSeconds }));
    },

    async incident(slug) {
      const address = incidentAddressOf(slug);
      const now = api.now();
      const story = address && (await readIncident(api.store.transitions, address, now));
      if (!address || !story) throw unknownIncident(slug);
      const { provider, openedAt, closedAt } = story.incident;
      const [checks, announced, record] = await Promise.all([
        orNull(checksOf(api, story.incident)),
        orNull(api.store.alerts.announced(provider, { from: openedAt, to: closedAt ?? now.toISOString() })),
        closedAt === null ? orNull(api.store.alerts.get(provider)) : null,
      ]);
      return String(
        await incidentPage({
          story,
          checks,
          alerts: { announced, record, hasChannels: api.monitor.hasChannels !== false },
          site,
          now,
          refreshSeconds,
        }),
      );
    },

    feed: async (root) =>
      String(await atomFeed((await history.incidents(null)).slice(0, INCIDENTS_SHOWN.feed), api.startedAt, root, site)),
  };
}

/** The checks around an incident's beginning and end, newest first. The checks in between would show nothing new. */
async function checksOf({ store, now }: Api, { provider, openedAt, closedAt }: Incident) {
  const startMs = Date.parse(openedAt);
  const endMs = closedAt === null ? now().getTime() : Date.parse(closedAt);
  const page = async (fromMs: number, toMs: number) => {
    const range = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
    return (await store.checks.page(provider, { ...range, limit: CHECKS_SHOWN })).items;
  };
  const edges = await Promise.all([
    page(endMs - EDGE_MS, Math.min(now().getTime(), endMs + EDGE_MS)),
    page(startMs - EDGE_MS, Math.min(startMs + EDGE_MS, endMs)),
  ]);
  return [...new Map(edges.flat().map((check) => [check.timestamp, check])).values()];
}

/** Newest first. */
async function lastChecks({ store, now }: Api, provider: string) {
  const to = now();
  const range = { from: new Date(to.getTime() - CHECKS_KEPT_MS).toISOString(), to: to.toISOString() };
  return (await store.checks.page(provider, { ...range, limit: CHECKS_SHOWN })).items;
}

/** The news of the shard with the oldest tick. */
function newsOf(pulses: Awaited<ReturnType<typeof readPulses>>) {
  const known = pulses.flatMap((pulse) => pulse ?? []).sort((a, b) => b.ageMs - a.ageMs);
  const [oldest] = known;
  return {
    tickAgeMs: oldest?.ageMs ?? null,
    isTickAhead: oldest?.fromFuture ?? false,
    lastTick: oldest?.heartbeat.finishedAt ?? null,
    isSilent: known.some(({ silent }) => silent),
    isFaulty: known.some(({ heartbeat }) => heartbeat.monitorFault),
  };
}
