/** Routes about the present: summary, statuses, scores. */

import type { BriefStatus } from '../../health/brief-status.ts';
import { distanceMs } from '../../health/future.ts';
import { ageMs, isStale } from '../../health/status-age.ts';
import { summarize } from '../../health/summary.ts';
import type { StatusList } from '../../store/store.ts';
import type { Api } from '../api.ts';
import { listQuery, providerPath, providersQuery } from '../http/parameters.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { readBriefFleet, readFleet, readStatus } from '../read/fleet.ts';
import { type ListPaging, listPage } from '../read/list-page.ts';
import { withAdvice } from '../shapes/advised.ts';
import { providersAnswer, scoreAnswer, scoresAnswer, summaryAnswer } from '../shapes/answers.ts';
import { providerStatus } from '../shapes/schemas.ts';

/** Far shorter than a tick, and long enough that many viewers of a page cost no more than a few. */
export const READ_CACHE_SECONDS = 5;

export function statusRoutes(api: Api): Route[] {
  return [
    defineRoute({
      path: '/v1/summary',
      operationId: 'getSummary',
      summary: 'The health of the whole fleet',
      group: 'Health',
      query: listQuery,
      answers: summaryAnswer,
      cacheSeconds: READ_CACHE_SECONDS,
      handle: async ({ query }) => ({ body: summaryOf(await readBriefFleet(api), query, api.now()) }),
    }),
    defineRoute({
      path: '/v1/providers',
      operationId: 'listProviders',
      summary: 'The status of every provider',
      group: 'Health',
      query: providersQuery,
      answers: providersAnswer,
      cacheSeconds: READ_CACHE_SECONDS,
      async handle({ query }) {
        const { statuses, unreadable } = await readFleet(api);
        const now = api.now();
        const wanted = statuses.filter(
          (status) =>
            (query.state?.includes(status.state) ?? true) &&
            (query.healthy === undefined || status.isHealthy === (query.healthy === 'true')) &&
            (query.tag === undefined || status.tags.includes(query.tag)),
        );
        const { items, nextCursor } = listPage(wanted, query);
        const providers = items.map((status) => withAdvice(status, now));
        return { body: { asOf: now.toISOString(), providers, unreadable, nextCursor } };
      },
    }),
    defineRoute({
      path: '/v1/providers/{id}',
      operationId: 'getProvider',
      summary: 'The status of one provider',
      group: 'Health',
      params: providerPath,
      answers: providerStatus,
      problems: ['unknown_provider', 'unreadable_status'],
      cacheSeconds: READ_CACHE_SECONDS,
      handle: async ({ path }) => ({ body: withAdvice(await readStatus(api, path.id), api.now()) }),
    }),
    defineRoute({
      path: '/v1/scores',
      operationId: 'listScores',
      summary: 'Health score and routing score of every provider',
      group: 'Routing',
      query: listQuery,
      answers: scoresAnswer,
      cacheSeconds: READ_CACHE_SECONDS,
      async handle({ query }) {
        const { statuses, unreadable } = await readBriefFleet(api);
        const now = api.now();
        const { items, nextCursor } = listPage(statuses, query);
        const scores = items.map((status) => scoreOf(status, now));
        return { body: { asOf: now.toISOString(), scores, unreadable, nextCursor } };
      },
    }),
    defineRoute({
      path: '/v1/providers/{id}/score',
      operationId: 'getScore',
      summary: 'Health score and routing score of one provider',
      group: 'Routing',
      params: providerPath,
      answers: scoreAnswer,
      problems: ['unknown_provider', 'unreadable_status'],
      cacheSeconds: READ_CACHE_SECONDS,
      handle: async ({ path }) => ({ body: scoreOf(await readStatus(api, path.id), api.now()) }),
    }),
  ];
}

/** The counts are of the whole fleet, the providers are those of the page. */
function summaryOf({ statuses, unreadable }: StatusList<BriefStatus>, paging: ListPaging, now: Date) {
  const summary = summarize(statuses, now);
  const { items, nextCursor } = listPage(statuses, paging);
  const shown = new Map(items.map((status) => [status.provider, ageMs(status, now)]));
  const providers = Object.entries(summary.providers).flatMap(([id, provider]) => {
    const age = shown.get(id);
    return age === undefined ? [] : [[id, { ...provider, ageMs: age }] as const];
  });
  return {
    asOf: now.toISOString(),
    ...summary,
    ageMs: summary.lastCheck === null ? null : distanceMs(summary.lastCheck, now),
    providers: Object.fromEntries(providers),
    unreadable,
    nextCursor,
  };
}

function scoreOf(status: BriefStatus, now: Date) {
  const { provider, state, isHealthy, healthScore, routingScore } = status;
  return {
    provider,
    state,
    isHealthy,
    stale: isStale(status, now),
    ageMs: ageMs(status, now),
    healthScore,
    routingScore,
  };
}
