/** Badges for READMEs and dashboards. */

import * as z from 'zod';
import { withAge } from '../../health/aged-status.ts';
import type { Api } from '../api.ts';
import { providerPath } from '../http/parameters.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { readStatus } from '../read/fleet.ts';
import { shieldsAnswer } from '../shapes/answers.ts';
import { badgeOf, badgeSvg } from '../views/badge.ts';

/** Pages request their badges again for each visitor. */
const BADGE_CACHE_SECONDS = 60;
/** Other sites may embed the picture. */
const EMBEDDABLE = { 'cross-origin-resource-policy': 'cross-origin' };

export function badgeRoutes(api: Api): Route[] {
  const read = async (id: string) => badgeOf(withAge(await readStatus(api, id), api.now()));
  return [
    defineRoute({
      path: '/badge/{id}.svg',
      operationId: 'getBadge',
      summary: "A provider's state as a picture",
      group: 'Pictures',
      params: providerPath,
      query: null,
      media: 'image/svg+xml',
      answers: z.string(),
      problems: ['unknown_provider', 'unreadable_status'],
      cacheSeconds: BADGE_CACHE_SECONDS,
      headers: EMBEDDABLE,
      handle: async ({ path }) => ({ body: badgeSvg(await read(path.id)) }),
    }),
    defineRoute({
      path: '/badge/{id}.json',
      operationId: 'getShieldsBadge',
      summary: "A provider's state for shields.io (`https://img.shields.io/endpoint?url=…`)",
      group: 'Pictures',
      params: providerPath,
      query: null,
      answers: shieldsAnswer,
      problems: ['unknown_provider', 'unreadable_status'],
      cacheSeconds: BADGE_CACHE_SECONDS,
      headers: EMBEDDABLE,
      async handle({ path }) {
        const badge = await read(path.id);
        return { body: { schemaVersion: 1 as const, ...badge, isError: false, cacheSeconds: BADGE_CACHE_SECONDS } };
      },
    }),
  ];
}
