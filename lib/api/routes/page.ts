/**
 * The status page, its files, and the feed. What they show is what the JSON routes answer. All of it is loaded when
 * first asked for: who only asks the JSON routes does not pay for pictures at a cold start.
 */

import * as z from 'zod';
import { StoreError } from '../../store/store.ts';
import type { Api } from '../api.ts';
import { readFleet, readStatus, withAge } from '../fleet.ts';
import { readPulses } from '../heartbeat.ts';
import type { PageHistory } from '../page/past.ts';
import { providerPath } from '../parameters.ts';
import { defineRoute, type Route } from '../route.ts';
import { READ_CACHE_SECONDS } from './status.ts';

export const PAGE_MEDIA = 'text/html; charset=utf-8';

/** The page's files carry their version in their address. */
const ASSET_CACHE_SECONDS = 31_536_000;
const ASSETS = [
  { file: 'page.css', id: 'getPageStyle', media: 'text/css; charset=utf-8' },
  { file: 'page.js', id: 'getPageScript', media: 'text/javascript; charset=utf-8' },
  { file: 'chart.js', id: 'getChartScript', media: 'text/javascript; charset=utf-8' },
] as const;

/** A page asks anew twice a tick, within these bounds: sooner than it can change, or than people look, is no use. */
const REFRESH_SECONDS = { least: 5, most: 30 } as const;

const CHECKS_SHOWN = 30;
/** As far back as checks are kept. */
const CHECKS_KEPT_MS = 7 * 86_400_000;

const filterQuery = z.object({
  state: z.string().optional().meta({ description: 'Only providers in one of these states. Comma-separated.' }),
  tag: z.string().optional().meta({ description: 'Only providers that carry this tag.' }),
});

/** @param canCheck Whether this app also answers manual checks, so that the page may offer them. */
export function pageRoutes(api: Api, canCheck: boolean): Route[] {
  let made: PageHistory | undefined;
  const history = async () => (made ??= (await import('../page/past.ts')).createPageHistory(api));
  const refreshSeconds = Math.min(REFRESH_SECONDS.most, Math.max(REFRESH_SECONDS.least, api.monitor.tickSeconds / 2));
  return [
    defineRoute({
      path: '/',
      operationId: 'getPage',
      summary: 'The status page',
      group: 'Pictures',
      query: filterQuery,
      media: PAGE_MEDIA,
      answers: z.string(),
      cacheSeconds: READ_CACHE_SECONDS,
      async handle({ query }) {
        const { filterOf, matches } = await import('../page/filter.ts');
        const { overviewPage } = await import('../page/overview.ts');
        const [{ statuses, unreadable }, pulses, { days }] = await Promise.all([
          readFleet(api),
          readPulses(api),
          history(),
        ]);
        const now = api.now();
        const filter = filterOf(query);
        const aged = statuses.map((status) => withAge(status, now));
        const shown = aged.filter((status) => matches(filter, status));
        const uptimes = await Promise.all(shown.map(async (status) => [status.provider, await days(status)] as const));
        const view = { statuses: aged, unreadable, uptimes: new Map(uptimes), filter, now, refreshSeconds };
        return { body: String(await overviewPage({ ...view, monitor: newsOf(pulses) })) };
      },
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
      async handle({ path }) {
        const { providerPage } = await import('../page/provider.ts');
        const [stored, { windows }] = await Promise.all([readStatus(api, path.id), history()]);
        const [past, checks] = await Promise.all([windows(stored), lastChecks(api, path.id)]);
        const now = api.now();
        const status = withAge(stored, now);
        return { body: String(await providerPage({ status, windows: past, checks, canCheck, now, refreshSeconds })) };
      },
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
        handle: async () => ({ body: (await import('../page/assets.ts')).ASSETS[file] }),
      }),
    ),
  ];
}

/** Newest first; null when they cannot be read now. */
async function lastChecks({ store, now }: Api, provider: string) {
  const to = now();
  const range = { from: new Date(to.getTime() - CHECKS_KEPT_MS).toISOString(), to: to.toISOString() };
  try {
    return (await store.checks.page(provider, { ...range, limit: CHECKS_SHOWN })).items;
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

/** Of the shard that is the furthest behind. */
function newsOf(pulses: Awaited<ReturnType<typeof readPulses>>) {
  const known = pulses.flatMap((pulse) => pulse ?? []).sort((a, b) => b.ageMs - a.ageMs);
  const [oldest] = known;
  return {
    tickAgeMs: oldest?.ageMs ?? null,
    lastTick: oldest?.heartbeat.finishedAt ?? null,
    isSilent: known.some(({ silent }) => silent),
    isFaulty: known.some(({ heartbeat }) => heartbeat.monitorFault),
  };
}
