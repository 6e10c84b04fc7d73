import { beforeAll, describe, expect, it } from 'vitest';
import { observationOf } from '../../lib/health/uptime/observation.ts';
import { UPTIME_WINDOWS, type UptimeWindow, uptimeOf, windowAt } from '../../lib/health/uptime/uptime.ts';
import { createHistoryKeeper } from '../../lib/history/keeper.ts';
import { readPast } from '../../lib/history/past.ts';
import type { Store } from '../../lib/store/store.ts';
import { FakeClock } from '../support/clock.ts';
import { countedStore, HOUR_MS, MINUTE_MS, schedule, weekStore } from './support.ts';

const ALPHA = { id: 'alpha', intervalSeconds: 60 };
const NOW = '2026-03-10T12:34:56.000Z';

/** The uptime calculated from every check. */
function exact(checks: ReturnType<typeof schedule>, window: UptimeWindow, now: Date) {
  const { fromMs } = windowAt(window, now);
  const observations = checks
    .map((check) => observationOf(check, MINUTE_MS))
    .filter(({ atMs }) => atMs >= fromMs && atMs <= now.getTime());
  return uptimeOf(window, { days: [], observations }, now);
}

describe('the past of a window', () => {
  const checks = schedule('alpha', '2026-03-07T00:00:00.000Z', '2026-03-10T12:34:00.000Z');
  let store: Store;

  /** The keeper runs at half past every hour, as far as `until`. */
  async function kept(until: string): Promise<Store> {
    const clock = new FakeClock(until);
    const filled = weekStore(clock.now);
    await filled.checks.put(checks);
    const keeper = createHistoryKeeper(filled);
    for (let i = 0; i < 4; i++) await keeper.keep([ALPHA], clock.now());
    return filled;
  }

  beforeAll(async () => {
    store = await kept('2026-03-10T12:30:00.000Z');
  });

  it.each(UPTIME_WINDOWS)('of %s gives the uptime of all its checks, each counted once', async (window) => {
    const now = new Date(NOW);
    const uptime = uptimeOf(window, await readPast(store, ALPHA, window, now), now);
    const { series, coveragePercentage, ...figures } = exact(checks, window, now);
    expect(uptime).toMatchObject(figures);
    expect(uptime.series.map(({ coveragePercentage: _, ...part }) => part)).toEqual(
      series.map(({ coveragePercentage: _, ...part }) => part),
    );
    expect(Math.abs(uptime.coveragePercentage - coveragePercentage)).toBeLessThan(0.2);
  });

  it.each([
    { behind: 'one hour', until: '2026-03-10T11:30:00.000Z' },
    { behind: 'two hours', until: '2026-03-10T10:30:00.000Z' },
  ])('has no hole while the last hour is not made yet: $behind behind', async ({ until }) => {
    const now = new Date(NOW);
    const behind = await kept(until);
    for (const window of UPTIME_WINDOWS) {
      const uptime = uptimeOf(window, await readPast(behind, ALPHA, window, now), now);
      expect(uptime.checks).toBe(exact(checks, window, now).checks);
    }
  });

  it('just after midnight has yesterday, of which the last hour is not made yet', async () => {
    const now = new Date('2026-03-10T00:03:00.000Z');
    const atMidnight = await kept('2026-03-09T23:30:00.000Z');
    const uptime = uptimeOf('30d', await readPast(atMidnight, ALPHA, '30d', now), now);
    expect(uptime.series.at(-2)).toMatchObject({
      from: '2026-03-09T00:00:00.000Z',
      checks: 1440,
      coveragePercentage: 100,
    });
    expect(uptime.series.at(-1)).toMatchObject({
      from: '2026-03-10T00:00:00.000Z',
      checks: 4,
      coveragePercentage: 100,
    });
  });

  it('of a monitor that has just begun is its first checks, in every window', async () => {
    const begun = weekStore(() => new Date(NOW));
    await begun.checks.put(schedule('alpha', '2026-03-10T12:30:00.000Z', NOW));
    for (const window of UPTIME_WINDOWS) {
      const uptime = uptimeOf(window, await readPast(begun, ALPHA, window, new Date(NOW)), new Date(NOW));
      expect(uptime).toMatchObject({ checks: 5, uptimePercentage: 100, responseTime: { p50Ms: 302 } });
    }
  });

  it('of a provider without any is empty', async () => {
    expect(await readPast(store, { id: 'missing', intervalSeconds: 60 }, '90d', new Date(NOW))).toEqual({
      days: [],
      observations: [],
    });
  });

  it.each([
    { window: '1h', calls: ['checks.page'] },
    { window: '24h', calls: ['hours.list', 'checks.page'] },
    { window: '7d', calls: ['hours.list', 'checks.page'] },
    { window: '30d', calls: ['days.list', 'checks.page'] },
    { window: '90d', calls: ['days.list', 'checks.page'] },
  ] as const)('of $window is read by $calls', async ({ window, calls }) => {
    const counted = countedStore(store);
    await readPast(counted, ALPHA, window, new Date(NOW));
    expect(counted.calls).toEqual(calls);
  });

  it('of 24 h is at most 25 hours, whenever it is asked', async () => {
    for (const minutes of [0, 1, 29, 59]) {
      const now = new Date(Date.parse('2026-03-10T12:00:00.000Z') + minutes * MINUTE_MS);
      const { fromMs } = windowAt('24h', now);
      const hours = await store.hours.list('alpha', {
        from: new Date(Math.floor(fromMs / HOUR_MS) * HOUR_MS).toISOString(),
        to: now.toISOString(),
      });
      expect(hours.length).toBeLessThanOrEqual(25);
    }
  });

  it('reads no more than a day of checks, however far behind the hours are', async () => {
    const never = weekStore(() => new Date(NOW));
    await never.checks.put(checks);
    const { observations } = await readPast(never, ALPHA, '7d', new Date(NOW));
    expect(observations.length).toBe(1439);
  });
});
