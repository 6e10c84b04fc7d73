/** The route that selects the provider to use now. Not here: the order (lib/health/select.ts). */

import { rank } from '../../health/select.ts';
import { ageMs } from '../../health/status-age.ts';
import type { Api } from '../api.ts';
import { selectQuery } from '../http/parameters.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { readBriefFleet } from '../read/fleet.ts';
import { selectAnswer } from '../shapes/answers.ts';

export function selectRoutes(api: Api): Route[] {
  return [
    defineRoute({
      path: '/v1/select',
      operationId: 'selectProvider',
      summary: 'The provider to use now, and the order of the rest',
      group: 'Routing',
      query: selectQuery,
      answers: selectAnswer,
      // A cached answer would send every caller of `weighted` to the same provider.
      cacheSeconds: 0,
      async handle({ query }) {
        const { statuses, unreadable } = await readBriefFleet(api);
        const now = api.now();
        const { ranked, panic } = rank(statuses, query, now, api.random);
        const known = new Set([...statuses, ...unreadable].map(({ provider }) => provider));
        return {
          body: {
            asOf: now.toISOString(),
            strategy: query.strategy,
            provider: ranked[0]?.status.provider ?? null,
            panic,
            ranked: ranked.slice(0, query.limit).map(({ status, tier, usable, stale }) => ({
              provider: status.provider,
              model: status.model,
              state: status.state,
              isHealthy: status.isHealthy,
              tier,
              usable,
              stale,
              ageMs: ageMs(status, now),
              healthScore: status.healthScore,
              routingScore: status.routingScore,
            })),
            unknownIds: [...(query.only ?? []), ...(query.exclude ?? [])].filter((id) => !known.has(id)),
            unreadable,
          },
        };
      },
    }),
  ];
}
