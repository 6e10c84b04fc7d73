/** Scenarios of hours and days. */

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../lib/base/time.ts';
import { dayFrom, type HourHistory } from '../../../lib/health/uptime/history.ts';
import type { Observation } from '../../../lib/health/uptime/observation.ts';
import { minute, START } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';

const ALL_TIME = { from: minute(-100_000), to: minute(1_000_000) };
const START_MS = Date.parse(START);

const iso = (ms: number) => new Date(ms).toISOString();

/** The hour that begins so many hours after the clock's start, with checks at even distances. */
function hourAt(hours: number, provider = 'alpha', checks = 60): HourHistory {
  const fromMs = START_MS + hours * HOUR_MS;
  const stepMs = HOUR_MS / checks;
  const observations = Array.from({ length: checks }, (_, i): Observation => {
    const isGood = i % 10 !== 9;
    return {
      atMs: fromMs + i * stepMs,
      responseTimeMs: 200 + i,
      firstTokenMs: i % 2 ? 80 : null,
      listedModels: i % 3 === 0,
      failure: isGood ? null : { category: 'dns', fault: i % 20 === 19 ? 'ours' : 'provider' },
      maintenance: i > 50,
      intervalMs: stepMs,
    };
  });
  return { provider, hour: iso(fromMs), observations };
}

/** The day that begins so many days after the clock's. */
function dayAt(days: number, provider = 'alpha') {
  const dayMs = Date.parse(START.slice(0, 10)) + days * DAY_MS;
  const hour = hourAt(24 * days, provider);
  return dayFrom(provider, iso(dayMs).slice(0, 10), [hour], dayMs + DAY_MS);
}

export function describeHistory(scenario: () => Scenario): void {
  describe('hours', () => {
    it('gives back what was put, oldest first, of one provider', async () => {
      const { store, other } = scenario();
      for (const hours of [2, 0, 1]) await store.hours.put(hourAt(hours));
      await store.hours.put(hourAt(1, 'beta'));
      expect(await other.hours.list('alpha', ALL_TIME)).toEqual([hourAt(0), hourAt(1), hourAt(2)]);
      expect(await other.hours.list('beta', ALL_TIME)).toEqual([hourAt(1, 'beta')]);
      expect(await other.hours.list('gamma', ALL_TIME)).toEqual([]);
    });

    it('gives those that begin within the range, both ends included', async () => {
      const { store } = scenario();
      for (const hours of [0, 1, 2, 3]) await store.hours.put(hourAt(hours));
      const listed = async (from: string, to: string) =>
        (await store.hours.list('alpha', { from, to })).map(({ hour }) => hour);
      expect(await listed(hourAt(1).hour, hourAt(2).hour)).toEqual([hourAt(1).hour, hourAt(2).hour]);
      expect(await listed(minute(1), minute(119))).toEqual([hourAt(1).hour]);
      expect(await listed(minute(1), minute(59))).toEqual([]);
      expect(await listed(minute(120), minute(60))).toEqual([]);
    });

    it('puts an hour twice as once', async () => {
      const { store, other } = scenario();
      await store.hours.put(hourAt(0));
      await other.hours.put(hourAt(0));
      expect(await store.hours.list('alpha', ALL_TIME)).toEqual([hourAt(0)]);
    });

    it('keeps every check of an hour at short intervals', async () => {
      const { store } = scenario();
      await store.hours.put(hourAt(0, 'alpha', 3600));
      await store.hours.put(hourAt(1, 'alpha', 720));
      expect(await store.hours.list('alpha', ALL_TIME)).toEqual([hourAt(0, 'alpha', 3600), hourAt(1, 'alpha', 720)]);
    });

    it('keeps them 90 days', async () => {
      const { store, clock } = scenario();
      await store.hours.put(hourAt(0));
      await clock.advance(90 * DAY_MS - 1000);
      expect(await store.hours.list('alpha', ALL_TIME)).toHaveLength(1);
      await clock.advance(1000);
      expect(await store.hours.list('alpha', ALL_TIME)).toEqual([]);
    });
  });

  describe('days', () => {
    it('gives back what was put, oldest first, of one provider', async () => {
      const { store, other } = scenario();
      for (const days of [2, 0, 1]) await store.days.put(dayAt(days));
      await store.days.put(dayAt(1, 'beta'));
      expect(await other.days.list('alpha', ALL_TIME)).toEqual([dayAt(0), dayAt(1), dayAt(2)]);
      expect(await other.days.list('gamma', ALL_TIME)).toEqual([]);
    });

    it('replaces the figures of a day by newer ones', async () => {
      const { store } = scenario();
      const morning = dayFrom('alpha', '2026-03-01', [hourAt(0)], START_MS + HOUR_MS);
      const evening = dayFrom('alpha', '2026-03-01', [hourAt(0), hourAt(9)], START_MS + 10 * HOUR_MS);
      await store.days.put(morning);
      await store.days.put(evening);
      expect(await store.days.list('alpha', ALL_TIME)).toEqual([evening]);
    });

    it('gives those that begin within the range', async () => {
      const { store } = scenario();
      for (const days of [0, 1, 2]) await store.days.put(dayAt(days));
      const listed = async (from: string, to: string) =>
        (await store.days.list('alpha', { from, to })).map(({ day }) => day.slice(8));
      expect(await listed('2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z')).toEqual(['01', '02']);
      expect(await listed('2026-03-01T00:00:00.001Z', '2026-03-02T23:59:59.999Z')).toEqual(['02']);
      expect(await listed('2026-03-01T00:00:00.001Z', '2026-03-01T12:00:00.000Z')).toEqual([]);
    });

    it('keeps them 400 days', async () => {
      const { store, clock } = scenario();
      await store.days.put(dayAt(0));
      await clock.advance(399 * DAY_MS);
      expect(await store.days.list('alpha', ALL_TIME)).toHaveLength(1);
      await clock.advance(DAY_MS);
      expect(await store.days.list('alpha', ALL_TIME)).toEqual([]);
    });
  });
}
