/** What happened: recorded checks, uptime, changes of state. Newest first, in pages. */

import { DAY_MS } from '../../base/time.ts';
import { uptimeOf } from '../../health/uptime/uptime.ts';
import { readPast } from '../../history/past.ts';
import type { PageRequest } from '../../store/store.ts';
import type { Api } from '../api.ts';
import { checksQuery, DEFAULT_PAGE, providerPath, transitionsQuery, uptimeQuery } from '../http/parameters.ts';
import { badRequest } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { readIntervalSeconds } from '../read/fleet.ts';
import { checksAnswer, transitionsAnswer, uptimeAnswer } from '../shapes/answers.ts';
import { CHECK_COLUMNS, TRANSITION_COLUMNS } from '../views/columns.ts';
import { EXPORT_MEDIA, exportOf, formatOf, refusePaging } from '../views/export.ts';
import { READ_CACHE_SECONDS } from './status.ts';

/** As far back as the table keeps them. */
const CHECKS_KEPT_MS = 7 * DAY_MS;
const TRANSITIONS_KEPT_MS = 400 * DAY_MS;
/** A window moves slowly, and working it out costs more than a status. */
const UPTIME_CACHE_SECONDS = 30;
/** Where the provider's own is not known. */
const USUAL_INTERVAL_SECONDS = 60;

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
        const request = pageRequest(query, CHECKS_KEPT_MS, api.now());
        const format = formatOf(query.format, accept);
        if (format !== 'json') {
          refusePaging(format, query);
          await readIntervalSeconds(api, path.id);
          const readPage = (page: PageOfAll) => api.store.checks.page(path.id, { ...request, ...page });
          return { export: exportOf(format, `${path.id}-checks`, CHECK_COLUMNS, readPage) };
        }
        const [page] = await Promise.all([api.store.checks.page(path.id, request), readIntervalSeconds(api, path.id)]);
        const { from, to } = request;
        return { body: { provider: path.id, from, to, checks: page.items, nextCursor: page.next } };
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
        const intervalSeconds = (await readIntervalSeconds(api, path.id)) ?? USUAL_INTERVAL_SECONDS;
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
        const request = pageRequest(query, TRANSITIONS_KEPT_MS, api.now());
        const format = formatOf(query.format, accept);
        if (format !== 'json') {
          refusePaging(format, query);
          const readPage = (page: PageOfAll) =>
            api.store.transitions.page(query.provider ?? null, { ...request, ...page });
          return { export: exportOf(format, 'transitions', TRANSITION_COLUMNS, readPage) };
        }
        const page = await api.store.transitions.page(query.provider ?? null, request);
        return { body: { from: request.from, to: request.to, transitions: page.items, nextCursor: page.next } };
      },
    }),
  ];
}

type PageOfAll = Pick<PageRequest, 'limit' | 'cursor'>;

interface PageQuery {
  from?: string | undefined;
  to?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** @throws {Problem} `bad_request` when the range ends before it begins. */
function pageRequest({ from, to, limit = DEFAULT_PAGE, cursor }: PageQuery, keptMs: number, now: Date): PageRequest {
  const toMs = to === undefined ? now.getTime() : Date.parse(to);
  const fromMs = from === undefined ? Math.min(now.getTime() - keptMs, toMs) : Date.parse(from);
  const range = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  if (fromMs > toMs) {
    throw badRequest([{ field: 'from', message: `expected a time not after ${range.to}; got ${range.from}` }]);
  }
  return { ...range, limit, ...(cursor !== undefined && { cursor }) };
}
