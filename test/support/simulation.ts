/**
 * Simulates days and weeks of providers in an instant: random checks from a seed go through the real rules, and are
 * stored as the history keeper stores them.
 */

import { DAY_MS, floorTo, HOUR_MS } from '../../lib/base/time.ts';
import type { Category } from '../../lib/health/category.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import type { Transition } from '../../lib/health/transition.ts';
import { dayFrom, type HourHistory } from '../../lib/health/uptime/history.ts';
import { groupBy, hoursOf } from '../../lib/history/aggregate.ts';
import { logNormal, seededRandom } from '../../lib/local/simulator/random.ts';
import type { Store } from '../../lib/store/store.ts';
import { failedCheck, goodCheck, provider } from './builders.ts';

/** The behaviour of a simulated provider. */
export interface Character {
  medianMs: number;
  sigma: number;
  /** Chance of a failure in each check outside of outages. */
  flakiness: number;
  outagesPerDay: number;
  outageMinutes: number;
  category: Category;
  stream: boolean;
}

/** A typical fleet: most providers work, some are slow, some are flaky, one has a key that is often wrong. */
export function fleetOf(count: number, intervalSeconds = 60): { config: ProviderConfig; character: Character }[] {
  return Array.from({ length: count }, (_, i) => ({
    config: provider({
      id: `provider-${String(i).padStart(2, '0')}`,
      intervalSeconds,
      probe: i % 3 ? 'completion' : 'stream',
    }),
    character: {
      medianMs: [250, 400, 900, 2500][i % 4] ?? 400,
      sigma: 0.2 + (i % 5) * 0.08,
      flakiness: i % 7 === 3 ? 0.02 : 0.0005,
      outagesPerDay: i % 5 === 2 ? 1.5 : 0.05,
      outageMinutes: 12,
      category: (['timeout', 'overloaded', 'server_error', 'auth', 'rate_limited'] as const)[i % 5] ?? 'timeout',
      stream: i % 3 === 0,
    },
  }));
}

/** Checks from one time to another (exclusive), one an interval. */
export function* simulatedChecks(
  config: ProviderConfig,
  character: Character,
  from: Date,
  to: Date,
  seed: number,
): Generator<HealthCheck> {
  const random = seededRandom(seed);
  const everyMs = config.intervalSeconds * 1000;
  const outageChance = (character.outagesPerDay * everyMs) / DAY_MS;
  let downUntilMs = 0;
  for (let atMs = from.getTime(); atMs < to.getTime(); atMs += everyMs) {
    if (random() < outageChance) downUntilMs = atMs + 2 * random() * character.outageMinutes * 60_000;
    const isDown = atMs < downUntilMs || random() < character.flakiness;
    const responseTimeMs = Math.round(logNormal(character.medianMs, character.sigma, random));
    const fields = { provider: config.id, timestamp: new Date(atMs).toISOString(), probe: config.probe };
    if (isDown) {
      yield failedCheck(character.category, fields);
      continue;
    }
    const good = goodCheck({ ...fields, responseTimeMs });
    const firstTokenMs = character.stream ? Math.round(responseTimeMs * (0.3 + 0.2 * random())) : null;
    yield { ...good, timings: { ...good.timings, firstTokenMs } };
  }
}

export interface Filled {
  checks: number;
  hours: number;
  days: number;
  transitions: number;
  status: ProviderStatus;
}

/** For how long each kind of item is kept. */
const KEPT = { checksMs: 7 * DAY_MS, hoursMs: 90 * DAY_MS };

/**
 * Fills a store with the items of a provider that was checked from one time to another: statuses and checks by the real
 * rules, and history as the keeper makes it, up to the last full hour.
 *
 * @param kept How far back from the end checks and hours are stored.
 */
export async function fill(
  store: Store,
  config: ProviderConfig,
  checks: Iterable<HealthCheck>,
  to: Date,
  kept = KEPT,
): Promise<Filled> {
  const endMs = floorTo(to.getTime(), HOUR_MS);
  const filled = { checks: 0, hours: 0, days: 0, transitions: 0 };
  let status = unknownStatus(config, new Date(0));
  let ofDay: HealthCheck[] = [];

  async function endDay(): Promise<void> {
    const [first] = ofDay;
    if (!first) return;
    const complete = ofDay.filter(({ timestamp }) => Date.parse(timestamp) < endMs);
    const hours = hoursOf(config.id, complete, config.intervalSeconds * 1000);
    const recent = ofDay.filter(({ timestamp }) => Date.parse(timestamp) >= to.getTime() - kept.checksMs);
    const keptHours = hours.filter(({ hour }) => Date.parse(hour) >= to.getTime() - kept.hoursMs);
    if (recent.length > 0) await store.checks.put(recent);
    for (const hour of keptHours) await store.hours.put(hour);
    await putDays(store, config.id, hours, endMs);
    filled.checks += recent.length;
    filled.hours += keptHours.length;
    filled.days += hours.length > 0 ? 1 : 0;
    ofDay = [];
  }

  for (const check of checks) {
    if (ofDay[0] && ofDay[0].timestamp.slice(0, 10) !== check.timestamp.slice(0, 10)) await endDay();
    ofDay.push(check);
    const change = nextStatus(status, check, config);
    if (change === null) throw new Error(`expected checks in order of time, got ${check.timestamp} out of it`);
    status = change.status;
    if (change.transition) {
      await store.transitions.put(change.transition satisfies Transition);
      filled.transitions += 1;
    }
  }
  await endDay();
  await store.statuses.put(status, null, null);
  return { ...filled, status };
}

async function putDays(store: Store, provider: string, hours: readonly HourHistory[], endMs: number): Promise<void> {
  for (const [day, ofDay] of groupBy(hours, ({ hour }) => hour.slice(0, 10))) {
    await store.days.put(dayFrom(provider, day, ofDay, Math.min(Date.parse(day) + DAY_MS, endMs)));
  }
}
