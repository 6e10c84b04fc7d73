/** Routes about the past: recorded checks, uptime, transitions. Lists are newest first, in pages. */

import { DAY_MS } from '../../base/time.ts';
import type { HealthCheck } from '../../health/check.ts';
import type { Transition } from '../../health/transition.ts';
import { uptimeOf } from '../../health/uptime/uptime.ts';
import { readPast } from '../../history/past.ts';
import type { PageRequest, TimeRange } from '../../store/store.ts';
import type { Api } from '../api.ts';
import { checksQuery, DEFAULT_PAGE, providerPath, transitionsQuery, uptimeQuery } from '../http/parameters.ts';
import { type RangeQuery, rangeOf } from '../http/range.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { readIntervalSeconds } from '../read/fleet.ts';
import { checksAnswer, transitionsAnswer, uptimeAnswer } from '../shapes/answers.ts';
import { CHECK_COLUMNS, TRANSITION_COLUMNS } from '../views/columns.ts';
import { EXPORT_MEDIA, type ExportSource, exportOf, formatOf, type Paging } from '../views/export.ts';
import { READ_CACHE_SECONDS } from './status.ts';

/** How long the table keeps them. */
const CHECKS_KEPT_MS = 7 * DAY_MS;
const TRANSITIONS_KEPT_MS = 400 * DAY_MS;
/** A window moves slowly, and computing its uptime costs more than a status. */
const UPTIME_CACHE_SECONDS = 30;
/** Used where the provider's own interval is not known. */
const DEFAULT_INTERVAL_SECONDS = 60;

export function historyRoutes(api: Api): Route[] {
  return [
    defineRoute({
      path: '/v1/providers/{id}/checks',
      operationId: 'listChecks',
      summary: 'Recorded checks of one provider, newest first',
      group: 'History',
      params: providerPath,
      query: checksQuery,
      answers: checksAnswer,
      exports: Object.values(EXPORT_MEDIA),
      problems: ['unknown_provider'],
      cacheSeconds: READ_CACHE_SECONDS,
      async handle({ path, query, accept }) {
        const range = keptRange(query, CHECKS_KEPT_MS, api.now());
        const format = formatOf(query.format, accept);
        if (format !== 'json') {
          await readIntervalSeconds(api, path.id);
          const source: ExportSource<HealthCheck> = {
            name: `${path.id}-checks`,
            columns: CHECK_COLUMNS,
            readPage: (page) => api.store.checks.page(path.id, { ...range, ...page }),
          };
          return { export: await exportOf(format, source, query, api.exportPages) };
        }
        const [page] = await Promise.all([
          api.store.checks.page(path.id, { ...range, ...pageOf(query) }),
          readIntervalSeconds(api, path.id),
        ]);
        return { body: { provider: path.id, ...range, checks: page.items, nextCursor: page.next } };
      },
    }),
    defineRoute({
      path: '/v1/providers/{id}/uptime',
      operationId: 'getUptime',
      summary: 'Uptime, response times and a series for a chart',
      group: 'History',
      params: providerPath,
      query: uptimeQuery,
      answers: uptimeAnswer,
      problems: ['unknown_provider'],
      cacheSeconds: UPTIME_CACHE_SECONDS,
      async handle({ path, query }) {
        const { window } = query;
        const now = api.now();
        const intervalSeconds = (await readIntervalSeconds(api, path.id)) ?? DEFAULT_INTERVAL_SECONDS;
        const past = await readPast(api.store, { id: path.id, intervalSeconds }, window, now);
        return { body: { provider: path.id, window, ...uptimeOf(window, past, now) } };
      },
    }),
    defineRoute({
      path: '/v1/transitions',
      operationId: 'listTransitions',
      summary: 'Changes of state, newest first',
      group: 'History',
      query: transitionsQuery,
      answers: transitionsAnswer,
      exports: Object.values(EXPORT_MEDIA),
      cacheSeconds: READ_CACHE_SECONDS,
      async handle({ query, accept }) {
        const range = keptRange(query, TRANSITIONS_KEPT_MS, api.now());
        const format = formatOf(query.format, accept);
        const readPage = (page: PageOfRange) =>
          api.store.transitions.page(query.provider ?? null, { ...range, ...page });
        if (format !== 'json') {
          const source: ExportSource<Transition> = { name: 'transitions', columns: TRANSITION_COLUMNS, readPage };
          return { export: await exportOf(format, source, query, api.exportPages) };
        }
        const page = await readPage(pageOf(query));
        return { body: { ...range, transitions: page.items, nextCursor: page.next } };
      },
    }),
  ];
}

type PageOfRange = Pick<PageRequest, 'limit' | 'cursor'>;

function pageOf({ limit = DEFAULT_PAGE, cursor }: Paging): PageOfRange {
  return { limit, ...(cursor !== undefined && { cursor }) };
}

/** Begins at the oldest item that is kept, unless the query says otherwise. */
function keptRange(query: RangeQuery, keptMs: number, now: Date): TimeRange {
  return rangeOf(query, now, (toMs) => Math.min(now.getTime() - keptMs, toMs));
}
