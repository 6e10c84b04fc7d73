/** What is believed of the providers now: summary, statuses, scores. */

import { withAge } from '../../health/aged-status.ts';
import { distanceMs } from '../../health/future.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { ageMs } from '../../health/status-age.ts';
import { summarize } from '../../health/summary.ts';
import type { StatusList } from '../../store/store.ts';
import type { Api } from '../api.ts';
import { providerPath, providersQuery } from '../http/parameters.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { readFleet, readStatus } from '../read/fleet.ts';
import { withAdvice } from '../shapes/advised.ts';
import { providersAnswer, scoreAnswer, scoresAnswer, summaryAnswer } from '../shapes/answers.ts';
import { providerStatus } from '../shapes/schemas.ts';

/** Far shorter than a tick, and long enough that a page with many viewers costs no more than one with few. */
export const READ_CACHE_SECONDS = 5;

export function statusRoutes(api: Api): Route[] {
  return [
    defineRoute({
      path: '/v1/summary',
      operationId: 'getSummary',
      summary: 'The health of the whole fleet',
      group: 'Health',
      answers: summaryAnswer,
      cacheSeconds: READ_CACHE_SECONDS,
      handle: async () => ({ body: summaryOf(await readFleet(api), api.now()) }),
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
        return {
          body: { asOf: now.toISOString(), providers: wanted.map((status) => withAdvice(status, now)), unreadable },
        };
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
      answers: scoresAnswer,
      cacheSeconds: READ_CACHE_SECONDS,
      async handle() {
        const { statuses, unreadable } = await readFleet(api);
        const now = api.now();
        return {
          body: { asOf: now.toISOString(), scores: statuses.map((status) => scoreOf(status, now)), unreadable },
        };
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

function summaryOf({ statuses, unreadable }: StatusList, now: Date) {
  const summary = summarize(statuses, now);
  const ages = new Map(statuses.map((status) => [status.provider, ageMs(status, now)]));
  const providers = Object.entries(summary.providers).map(
    ([id, provider]) => [id, { ...provider, ageMs: ages.get(id) ?? 0 }] as const,
  );
  return {
    asOf: now.toISOString(),
    ...summary,
    ageMs: summary.lastCheck === null ? null : distanceMs(summary.lastCheck, now),
    providers: Object.fromEntries(providers),
    unreadable,
  };
}

function scoreOf(status: ProviderStatus, now: Date) {
  const { provider, state, isHealthy, healthScore, routingScore, stale, ageMs } = withAge(status, now);
  return { provider, state, isHealthy, stale, ageMs, healthScore, routingScore };
}
