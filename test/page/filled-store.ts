/**
 * Ninety days of a fleet's past, put into a store: every check goes through the real rules, and hours, days and
 * transitions are made of them as the monitor makes them. Chance is seeded, so that the same past comes again.
 */

import { DAY_MS, floorTo, HOUR_MS } from '../../lib/base/time.ts';
import type { Category } from '../../lib/health/category.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import type { Transition } from '../../lib/health/transition.ts';
import { dayFrom } from '../../lib/health/uptime/history.ts';
import { groupBy, hoursOf } from '../../lib/history/aggregate.ts';
import { createFleetDaysKeeper } from '../../lib/history/fleet-days.ts';
import { logNormal, seededRandom } from '../../lib/local/simulator/random.ts';
import type { Store } from '../../lib/store/store.ts';
import { failedCheck, goodCheck, provider } from '../support/builders.ts';

const MINUTE_MS = 60_000;
const DAYS = 90;
/** As hours are kept. */
const WEEK_MS = 7 * DAY_MS;
/** Checks that are in no hour yet, and those of the last hour. */
const CHECKS_MS = 70 * MINUTE_MS;

/** As often as the local monitor checks simulated providers; older checks are seen in hours and days only: fewer do. */
const INTERVALS_MS = { days: 5 * MINUTE_MS, hours: MINUTE_MS, checks: 5000 } as const;

export interface PastProvider {
  config: ProviderConfig;
  medianMs: number;
  /** Chance of one beginning, a day. */
  outagesPerDay: number;
  /** The category of its failures. */
  category: Category;
  /** Days since it is monitored. */
  days: number;
}

const MEMBERS: readonly [id: string, medianMs: number, outagesPerDay: number, category: Category, days?: number][] = [
  ['openai', 190, 0.05, 'overloaded'],
  ['claude', 280, 0.08, 'overloaded'],
  ['glm', 330, 0.9, 'server_error'],
  ['gemini', 230, 0.04, 'server_error'],
  ['cohere', 420, 0.1, 'timeout'],
  ['groq-streaming', 80, 0.15, 'rate_limited'],
  ['deepseek-slow', 1500, 0.12, 'timeout', 61],
  ['together-slowing', 260, 0.1, 'overloaded'],
  ['mistral-flaky', 310, 1.6, 'server_error'],
  ['xai-rate-limited', 300, 0.3, 'rate_limited'],
  ['openrouter-wrong-key', 350, 0.03, 'auth'],
  ['vllm-hanging', 120, 0.5, 'timeout', 24],
  ['litellm-html', 150, 0.25, 'invalid_response', 40],
];

export const PAST_FLEET: readonly PastProvider[] = MEMBERS.map(([id, medianMs, outagesPerDay, category, days]) => ({
  config: provider({ id, intervalSeconds: INTERVALS_MS.checks / 1000 }),
  medianMs,
  outagesPerDay,
  category,
  days: days ?? DAYS,
}));

/** @returns The status that each is left with; they are in the store too. */
export async function fillStore(store: Store, fleet: readonly PastProvider[], now: Date): Promise<ProviderStatus[]> {
  const statuses: ProviderStatus[] = [];
  for (const [index, one] of fleet.entries()) {
    const { checks, status, transitions } = pastOf(one, now, seededRandom(index + 1));
    await fillProvider(store, one.config, checks, now);
    for (const transition of transitions) await store.transitions.put(transition);
    await store.statuses.put(status, null, null);
    statuses.push(status);
  }
  const keeper = createFleetDaysKeeper(store, () => now.getTime());
  const ids = fleet.map(({ config }) => config.id);
  await keeper.keep('0', ids, now);
  return statuses;
}

async function fillProvider(store: Store, { id }: ProviderConfig, checks: HealthCheck[], now: Date): Promise<void> {
  const endMs = floorTo(now.getTime(), HOUR_MS);
  const hours = hoursOf(id, checks, MINUTE_MS)
    .filter(({ hour }) => Date.parse(hour) < endMs)
    .map((hour) => {
      const observations = hour.observations.map((one) => ({ ...one, intervalMs: intervalAt(one.atMs, now) }));
      return { ...hour, observations };
    });
  for (const hour of hours) {
    if (Date.parse(hour.hour) >= now.getTime() - WEEK_MS) await store.hours.put(hour);
  }
  for (const [day, ofDay] of groupBy(hours, ({ hour }) => hour.slice(0, 10))) {
    await store.days.put(dayFrom(id, day, ofDay, Math.min(endMs, Date.parse(day) + DAY_MS)));
  }
  await store.checks.put(checks.filter(({ timestamp }) => Date.parse(timestamp) >= now.getTime() - CHECKS_MS));
}

function pastOf({ config, medianMs, outagesPerDay, category, days }: PastProvider, now: Date, random: () => number) {
  const startMs = floorTo(now.getTime(), DAY_MS) - (days - 1) * DAY_MS + floorTo(random() * 6 * HOUR_MS, MINUTE_MS);
  const checks: HealthCheck[] = [];
  const transitions: Transition[] = [];
  let status = unknownStatus(config, new Date(startMs));
  let outageEndMs = 0;
  let stepMs: number;
  for (let atMs = startMs; atMs < now.getTime(); atMs += stepMs) {
    stepMs = intervalAt(atMs, now);
    if (random() < (outagesPerDay * stepMs) / DAY_MS) outageEndMs = atMs + logNormal(14 * MINUTE_MS, 1, random);
    const fields = { provider: config.id, model: config.model, timestamp: new Date(atMs).toISOString() };
    const responseTimeMs = Math.round(logNormal(medianMs * daily(atMs), 0.18, random));
    const check =
      atMs < outageEndMs ? failedCheck(category, fields) : goodCheck({ ...fields, ...phases(responseTimeMs) });
    checks.push(check);
    const change = nextStatus(status, check, config);
    if (!change) continue;
    status = { ...change.status, version: 1 };
    if (change.transition) transitions.push(change.transition);
  }
  return { checks, status, transitions };
}

function intervalAt(atMs: number, now: Date): number {
  const agoMs = now.getTime() - atMs;
  if (agoMs <= CHECKS_MS) return INTERVALS_MS.checks;
  return agoMs <= WEEK_MS + HOUR_MS ? INTERVALS_MS.hours : INTERVALS_MS.days;
}

/** Slower when America works. */
function daily(atMs: number): number {
  return 1 + 0.25 * Math.max(0, Math.sin(((atMs % DAY_MS) / DAY_MS) * 2 * Math.PI - Math.PI / 2));
}

function phases(responseTimeMs: number) {
  const firstByteMs = Math.round(responseTimeMs * 0.55);
  const firstTokenMs = Math.round(responseTimeMs * 0.8);
  const timings = { dnsMs: 2, connectMs: 9, tlsMs: 14, firstByteMs, firstTokenMs, totalMs: responseTimeMs + 25 };
  return { responseTimeMs, timings };
}
