/**
 * Reads the data for the uptime of a window: checks for a window of one hour, hours for up to a week, days for longer ones.
 * It adds the newest checks, which are in no hour or day yet.
 */

import { DAY_MS, floorTo, HOUR_MS } from '../base/time.ts';
import { isFromFuture } from '../health/future.ts';
import { type Observation, observationOf } from '../health/uptime/observation.ts';
import { isMadeOfDays, type Past, type UptimeWindow, windowAt } from '../health/uptime/uptime.ts';
import type { Store } from '../store/store.ts';
import type { KeptProvider } from './keeper.ts';
import { readNewest } from './newest.ts';

/** Usually the checks that are in no hour yet are at most an hour and a half old. Read up to a day when hours are late. */
const MOST_BEHIND_MS = DAY_MS;
/** Enough for a day with a check every 8 s. */
const MOST_PAGES = 11;

export async function readPast(
  store: Pick<Store, 'checks' | 'hours' | 'days'>,
  provider: KeptProvider,
  window: UptimeWindow,
  now: Date,
): Promise<Past> {
  const { fromMs, toMs } = windowAt(window, now);
  if (window === '1h') return { days: [], observations: await readChecks(store, provider, fromMs, toMs) };
  if (isMadeOfDays(window)) {
    const days = await readDays(store, provider, fromMs, now);
    const throughMs = Math.max(fromMs, ...days.map(({ through }) => Date.parse(through)));
    return { days, observations: await readChecks(store, provider, throughMs, toMs) };
  }
  const hours = (await store.hours.list(provider.id, { from: iso(floorTo(fromMs, HOUR_MS)), to: iso(toMs) })).filter(
    ({ hour }) => !isFromFuture(iso(Date.parse(hour) + HOUR_MS), now),
  );
  const throughMs = Math.max(fromMs, ...hours.map(({ hour }) => Date.parse(hour) + HOUR_MS));
  const kept = hours.flatMap(({ observations }) => observations);
  return { days: [], observations: [...kept, ...(await readChecks(store, provider, throughMs, toMs))] };
}

/** Days from a time on. Leaves out days that a process with a wrong clock wrote; their checks are read instead. */
async function readDays({ days }: Pick<Store, 'days'>, { id }: KeptProvider, fromMs: number, now: Date) {
  const kept = await days.list(id, { from: iso(fromMs), to: now.toISOString() });
  return kept.filter(({ through }) => !isFromFuture(through, now));
}

/** Checks from a time on, oldest first. */
async function readChecks(
  { checks }: Pick<Store, 'checks'>,
  { id, intervalSeconds }: KeptProvider,
  fromMs: number,
  toMs: number,
): Promise<Observation[]> {
  const range = { from: iso(Math.max(fromMs, toMs - MOST_BEHIND_MS)), to: iso(toMs) };
  const { items } = await readNewest((page) => checks.page(id, { ...range, ...page }), { pages: MOST_PAGES });
  return items.map((check) => observationOf(check, intervalSeconds * 1000));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
