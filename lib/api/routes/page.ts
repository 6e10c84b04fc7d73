/**
 * The status page, its files, and the feed. They show the same data as the JSON routes. Their code is loaded at the
 * first request, so that a cold start for a JSON route does not load it.
 */

import * as z from 'zod';
import type { Api } from '../api.ts';
import { providerPath } from '../http/parameters.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Pages } from '../page/pages.ts';
import { READ_CACHE_SECONDS } from './status.ts';

export const PAGE_MEDIA = 'text/html; charset=utf-8';
const ATOM_MEDIA = 'application/atom+xml; charset=utf-8';

/** A year, since the address of each file contains its version. */
const ASSET_CACHE_SECONDS = 31_536_000;
const ASSETS = [
  { file: 'page.css', id: 'getPageStyle', media: 'text/css; charset=utf-8' },
  { file: 'page.js', id: 'getPageScript', media: 'text/javascript; charset=utf-8' },
  { file: 'chart.js', id: 'getChartScript', media: 'text/javascript; charset=utf-8' },
] as const;

/** Feed readers poll rarely, so a delay of a minute does not matter. */
const FEED_CACHE_SECONDS = 60;

/** Not strict: a link with additional parameters, such as those of trackers, still shows the page. */
const viewQuery = z.object({
  state: z.string().optional().meta({
    description:
      'Only providers in one of these standings: a state, `not-working`, `recovering`, `stale` or `disabled`. Comma-separated.',
  }),
  tag: z.string().optional().meta({ description: 'Only providers with this tag.' }),
  q: z.string().optional().meta({ description: 'Only providers with this text in id, model or tag.' }),
  sort: z.string().optional().meta({
    description:
      '`trouble` (default), `name`, `response`, `usable` or `routing`; with `-` before it, in reverse order.',
  }),
  page: z.string().optional().meta({ description: 'Which 50 of them, from 1.' }),
});

const incidentsQuery = z.object({
  provider: z.string().optional().meta({ description: 'Only of this provider.' }),
  fault: z.string().optional().meta({ description: '`provider` or `ours`: only incidents with this fault.' }),
  state: z.string().optional().meta({ description: '`ongoing`: only those that are not over.' }),
  page: z.string().optional().meta({ description: 'Which 50 of them, from 1.' }),
});

const incidentPath = z.object({
  id: z
    .string()
    .max(200)
    .meta({ description: 'Time of the beginning, and the provider: `20260301T100203004Z-openai`.' }),
});

/** The monitor's address, from the address that the feed was requested at. */
function rootOf(feedUrl: string): string {
  const { origin, pathname } = new URL(feedUrl);
  return `${origin}${pathname.slice(0, pathname.lastIndexOf('/'))}`;
}

export function pageRoutes(api: Api): Route[] {
  let made: Promise<Pages> | undefined;
  const pages = () => (made ??= import('../page/pages.ts').then(({ createPages }) => createPages(api)));
  return [
    defineRoute({
      path: '/',
      operationId: 'getPage',
      summary: 'The status page',
      group: 'Pictures',
      query: viewQuery,
      media: PAGE_MEDIA,
      answers: z.string(),
      cacheSeconds: READ_CACHE_SECONDS,
      handle: async ({ query }) => ({ body: await (await pages()).overview(query) }),
    }),
    defineRoute({
      path: '/providers/{id}',
      operationId: 'getProviderPage',
      summary: "One provider's page",
      group: 'Pictures',
      params: providerPath,
      query: null,
      media: PAGE_MEDIA,
      answers: z.string(),
      problems: ['unknown_provider', 'unreadable_status'],
      cacheSeconds: READ_CACHE_SECONDS,
      handle: async ({ path, mayChange }) => ({ body: await (await pages()).provider(path.id, mayChange) }),
    }),
    defineRoute({
      path: '/incidents',
      operationId: 'getIncidentsPage',
      summary: 'The page of all incidents of the last 30 days',
      group: 'Pictures',
      query: incidentsQuery,
      media: PAGE_MEDIA,
      answers: z.string(),
      cacheSeconds: READ_CACHE_SECONDS,
      handle: async ({ query }) => ({ body: await (await pages()).incidents(query) }),
    }),
    defineRoute({
      path: '/incidents/{id}',
      operationId: 'getIncidentPage',
      summary: "One incident's page",
      group: 'Pictures',
      params: incidentPath,
      query: null,
      media: PAGE_MEDIA,
      answers: z.string(),
      problems: ['unknown_incident'],
      cacheSeconds: READ_CACHE_SECONDS,
      handle: async ({ path }) => ({ body: await (await pages()).incident(path.id) }),
    }),
    defineRoute({
      path: '/feed.atom',
      operationId: 'getFeed',
      summary: 'Incidents of the last 30 days as an Atom feed',
      group: 'Pictures',
      query: null,
      media: ATOM_MEDIA,
      answers: z.string(),
      cacheSeconds: FEED_CACHE_SECONDS,
      handle: async ({ url }) => ({ body: await (await pages()).feed(api.monitor.publicUrl ?? rootOf(url)) }),
    }),
    ...ASSETS.map(({ file, id, media }) =>
      defineRoute({
        path: `/assets/${file}`,
        operationId: id,
        summary: `The status page's ${file}`,
        group: 'Pictures',
        query: null,
        media,
        answers: z.string(),
        cacheSeconds: ASSET_CACHE_SECONDS,
        handle: async () => ({ body: (await import('../page/generated/assets.ts')).ASSETS[file] }),
      }),
    ),
  ];
}
