import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, floorTo, HOUR_MS } from '../../../lib/base/time.ts';
import { CATEGORIES, type Category, faultOf } from '../../../lib/health/category.ts';
import { distributionOf, percentilesOf } from '../../../lib/health/uptime/distribution.ts';
import { dayFrom, type HourHistory } from '../../../lib/health/uptime/history.ts';
import { type Observation, observationOf } from '../../../lib/health/uptime/observation.ts';
import { mergeTallies, talliesOf } from '../../../lib/health/uptime/tally.ts';
import { UPTIME_WINDOWS, uptimeOf, windowAt } from '../../../lib/health/uptime/uptime.ts';
import { groupBy } from '../../../lib/history/aggregate.ts';
import { at, failedCheck, goodCheck, minute } from '../../support/builders.ts';

const MINUTE_MS = 60_000;

/** A check in a schedule of one a minute: good, 200 ms. */
function seen(minutes: number, fields: Partial<Observation> = {}): Observation {
  return {
    atMs: Date.parse(minute(minutes)),
    responseTimeMs: 200,
    firstTokenMs: null,
    listedModels: false,
    failure: null,
    maintenance: false,
    intervalMs: MINUTE_MS,
    ...fields,
  };
}

const failed = (category: Category) => ({ failure: { category, fault: faultOf(category) }, responseTimeMs: 9000 });
const every = (from: number, to: number, fields?: (minutes: number) => Partial<Observation>) =>
  Array.from({ length: to - from }, (_, i) => seen(from + i, fields?.(from + i)));

/** The last hour, as of minute 60. */
const lastHour = (observations: readonly Observation[], now = minute(60)) =>
  uptimeOf('1h', { days: [], observations }, new Date(now));

describe('an observation', () => {
  it('has of a good check its times', () => {
    const check = goodCheck({ responseTimeMs: 321, probe: 'stream' });
    const timed = { ...check, timings: { ...check.timings, firstTokenMs: 120.4 } };
    expect(observationOf(timed, MINUTE_MS)).toEqual(seen(0, { responseTimeMs: 321, firstTokenMs: 120 }));
  });

  it('has no first token where there was no stream', () => {
    expect(observationOf(goodCheck(), MINUTE_MS).firstTokenMs).toBeNull();
  });

  it('has of a failed one why, and whose fault', () => {
    expect(observationOf(failedCheck('dns', { fault: 'ours' }), MINUTE_MS)).toMatchObject({
      failure: { category: 'dns', fault: 'ours' },
    });
  });

  it('says when only models were listed, and when it was made in a planned pause', () => {
    expect(observationOf(goodCheck({ probe: 'models' }), MINUTE_MS).listedModels).toBe(true);
    expect(observationOf(goodCheck({ maintenance: true }), MINUTE_MS).maintenance).toBe(true);
  });
});

describe('uptime', () => {
  it('counts only failures by the provider, usable any', () => {
    const observations = every(0, 60, (i) => (i < 6 ? failed('server_error') : i < 9 ? failed('auth') : {}));
    expect(lastHour(observations)).toMatchObject({
      checks: 60,
      uptimePercentage: 90,
      usablePercentage: 85,
      failures: { server_error: 6, auth: 3 },
    });
  });

  it('goes by the fault that the check names, not by its category', () => {
    const ours = seen(0, { failure: { category: 'dns', fault: 'ours' } });
    expect(lastHour([ours, seen(1)])).toMatchObject({ uptimePercentage: 100, usablePercentage: 50 });
  });

  it('is unknown, not 0 and not 100, where nothing was checked', () => {
    expect(lastHour([])).toMatchObject({
      checks: 0,
      uptimePercentage: null,
      usablePercentage: null,
      coveragePercentage: 0,
      responseTime: null,
      firstToken: null,
      failures: {},
    });
  });

  it('leaves planned pauses out, good and failed checks alike', () => {
    const observations = every(0, 60, (i) => (i < 30 ? { ...failed('timeout'), maintenance: true } : {}));
    expect(lastHour(observations)).toMatchObject({
      checks: 30,
      maintenanceChecks: 30,
      uptimePercentage: 100,
      failures: {},
      coveragePercentage: 100,
    });
  });

  it('does not count time that was not observed', () => {
    const observations = [...every(0, 10), ...every(50, 60, (i) => (i === 50 ? failed('timeout') : {}))];
    expect(lastHour(observations)).toMatchObject({ checks: 20, uptimePercentage: 95 });
  });

  it.each([
    [3, 29, 10.344, 'is never rounded up'],
    [29, 100, 29, 'is exact where it can be'],
    [99_999, 100_000, 99.999, 'shows one failure in 100 000'],
    [999_999, 1_000_000, 99.999, 'is not 100 with one failure in a million'],
  ])('of %d good ones in %d is %d: it %s', (good, total, expected) => {
    const tally = { ...mergeTallies([]), checks: total, outages: total - good, failures: { timeout: total - good } };
    const day = { provider: 'alpha', day: '2026-03-01', through: minute(60), hours: 1, tally };
    const { uptimePercentage } = uptimeOf('30d', { days: [day], observations: [] }, new Date(minute(60)));
    expect(uptimePercentage).toBe(expected);
  });
});

describe('coverage', () => {
  it.each<{ what: string; observations: Observation[]; percentage: number }>([
    { what: 'every minute seen', observations: every(0, 60), percentage: 100 },
    { what: 'the second half hour only', observations: every(30, 60), percentage: 51.666 },
    { what: 'the first half hour only', observations: every(0, 30), percentage: 50.833 },
    { what: 'ten minutes missed in the middle', observations: [...every(0, 20), ...every(31, 60)], percentage: 82.5 },
    { what: 'one check missed', observations: [...every(0, 20), ...every(21, 60)], percentage: 99.166 },
    { what: 'checks that come in pairs', observations: [...every(0, 60), ...every(0, 60)], percentage: 100 },
  ])('with $what is $percentage %', ({ observations, percentage }) => {
    const inOrder = observations.toSorted((a, b) => a.atMs - b.atMs);
    expect(lastHour(inOrder).coveragePercentage).toBe(percentage);
  });

  it('goes by the interval that the provider had then', () => {
    const rare = [0, 10, 20, 30, 40, 50].map((i) => seen(i, { intervalMs: 10 * MINUTE_MS }));
    expect(lastHour(rare).coveragePercentage).toBe(100);
  });
});

describe('percentiles', () => {
  it.each([
    { values: [7], p50Ms: 7, p90Ms: 7, p95Ms: 7, p99Ms: 7 },
    { values: [10, 20], p50Ms: 10, p90Ms: 20, p95Ms: 20, p99Ms: 20 },
    { values: Array.from({ length: 100 }, (_, i) => 100 - i), p50Ms: 50, p90Ms: 90, p95Ms: 95, p99Ms: 99 },
    { values: [...Array(98).fill(5), 1000, 9], p50Ms: 5, p90Ms: 5, p95Ms: 5, p99Ms: 9 },
  ])('of $values.length values are measured ones', ({ values, ...percentiles }) => {
    expect(percentilesOf(distributionOf(values))).toEqual(percentiles);
  });

  it('are those of a sorted list, for any values', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { minLength: 1, maxLength: 300 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const rank = (percent: number) => sorted[Math.ceil((percent * values.length) / 100) - 1];
        expect(percentilesOf(distributionOf(values))).toEqual({
          p50Ms: rank(50),
          p90Ms: rank(90),
          p95Ms: rank(95),
          p99Ms: rank(99),
        });
      }),
    );
  });

  it('leave failures out: a timeout is no response time', () => {
    const observations = every(0, 10, (i) => (i % 2 === 0 ? failed('timeout') : {}));
    expect(lastHour(observations).responseTime).toEqual({ p50Ms: 200, p90Ms: 200, p95Ms: 200, p99Ms: 200 });
  });

  it('leave lists of models out where answers were asked for too', () => {
    const mixed = every(0, 10, (i) => (i % 5 === 0 ? {} : { listedModels: true, responseTimeMs: 20 }));
    expect(lastHour(mixed).responseTime?.p50Ms).toBe(200);
    const free = every(0, 10, () => ({ listedModels: true, responseTimeMs: 20 }));
    expect(lastHour(free).responseTime?.p50Ms).toBe(20);
  });

  it('of answers and of lists of models are kept apart', () => {
    const observations = [seen(0), seen(1, { listedModels: true, responseTimeMs: 20 })];
    const [tally] = talliesOf(observations, [{ fromMs: Date.parse(minute(0)), toMs: Date.parse(minute(2)) }]);
    expect(tally).toMatchObject({ answered: new Map([[200, 1]]), listed: new Map([[20, 1]]) });
  });

  it('of the first token are those of streams that came to their end', () => {
    const brokenOff = seen(11, { ...failed('invalid_response'), firstTokenMs: 5 });
    const observations = every(0, 10, (i) => ({ firstTokenMs: i < 5 ? null : 100 + i })).concat(brokenOff);
    expect(lastHour(observations).firstToken).toEqual({ p50Ms: 107, p90Ms: 109, p95Ms: 109, p99Ms: 109 });
  });
});

describe('a window', () => {
  const now = new Date('2026-03-10T10:20:30.000Z');

  it('that ends with a part has no empty part after it', () => {
    const { series } = lastHour([], at(3_600_000 - 1));
    expect([series.length, series.at(-1)?.from]).toEqual([61, minute(59)]);
  });

  it.each([
    { window: '1h', from: '2026-03-10T09:20:30.000Z', first: '2026-03-10T09:20:00.000Z', parts: 61 },
    { window: '24h', from: '2026-03-09T10:20:30.000Z', first: '2026-03-09T10:15:00.000Z', parts: 97 },
    { window: '7d', from: '2026-03-03T10:20:30.000Z', first: '2026-03-03T10:00:00.000Z', parts: 85 },
    { window: '30d', from: '2026-02-09T00:00:00.000Z', first: '2026-02-09T00:00:00.000Z', parts: 30 },
    { window: '90d', from: '2025-12-11T00:00:00.000Z', first: '2025-12-11T00:00:00.000Z', parts: 90 },
  ] as const)('of $window has $parts parts from $first on', ({ window, from, first, parts }) => {
    const uptime = uptimeOf(window, { days: [], observations: [] }, now);
    expect(uptime).toMatchObject({ from, to: now.toISOString() });
    expect(uptime.series).toHaveLength(parts);
    expect(uptime.series[0]?.from).toBe(first);
    const starts = uptime.series.map((part) => Date.parse(part.from));
    const [step] = starts.slice(1).map((start, i) => start - (starts[i] ?? 0));
    expect(starts.every((start, i) => start === (starts[0] ?? 0) + i * (step ?? 0))).toBe(true);
  });

  it('has the check of this very moment in it, and that of its first', () => {
    const observations = [seen(0), seen(60)];
    expect(lastHour(observations).checks).toBe(2);
    expect(lastHour(observations, at(60 * MINUTE_MS + 1)).checks).toBe(1);
  });

  it('puts each check in the part it lies in', () => {
    const { series } = lastHour([seen(0), seen(30, failed('timeout')), seen(59, { responseTimeMs: 900 })], minute(59));
    const parts = series.filter((part) => part.checks > 0);
    expect(parts).toEqual([
      {
        from: minute(0),
        checks: 1,
        uptimePercentage: 100,
        usablePercentage: 100,
        coveragePercentage: 100,
        p50Ms: 200,
        p95Ms: 200,
      },
      {
        from: minute(30),
        checks: 1,
        uptimePercentage: 0,
        usablePercentage: 0,
        coveragePercentage: 100,
        p50Ms: null,
        p95Ms: null,
      },
      {
        from: minute(59),
        checks: 1,
        uptimePercentage: 100,
        usablePercentage: 100,
        coveragePercentage: 100,
        p50Ms: 900,
        p95Ms: 900,
      },
    ]);
  });
});

/** Two days and some hours, with gaps, failures, pauses and all kinds of probe. */
const past = fc
  .array(
    fc.record({
      afterMs: fc.constantFrom(MINUTE_MS, MINUTE_MS, MINUTE_MS, 10 * MINUTE_MS, 5 * HOUR_MS),
      responseTimeMs: fc.nat(20_000),
      firstTokenMs: fc.option(fc.nat(5000)),
      listedModels: fc.boolean(),
      category: fc.option(fc.constantFrom(...CATEGORIES)),
      maintenance: fc.boolean(),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    let atMs = Date.parse('2026-03-08T00:00:00.000Z');
    return steps.map(({ afterMs, category, ...fields }): Observation => {
      atMs += afterMs;
      return {
        atMs,
        ...fields,
        failure: category && { category, fault: faultOf(category) },
        intervalMs: MINUTE_MS,
      };
    });
  });

describe('any past', () => {
  const whole = { fromMs: Date.parse('2026-03-08T00:00:00.000Z'), toMs: Date.parse('2026-06-08T00:00:00.000Z') };

  it('has the same tally whole as merged from its parts', () => {
    fc.assert(
      fc.property(past, fc.constantFrom(HOUR_MS, DAY_MS, 7 * MINUTE_MS), (observations, partMs) => {
        const end = floorTo((observations.at(-1)?.atMs ?? whole.fromMs) + 2 * DAY_MS, DAY_MS);
        const parts = Array.from({ length: Math.ceil((end - whole.fromMs) / partMs) }, (_, i) => ({
          fromMs: whole.fromMs + i * partMs,
          toMs: whole.fromMs + (i + 1) * partMs,
        }));
        expect(mergeTallies(talliesOf(observations, parts))).toEqual(talliesOf(observations, [whole])[0]);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same from days in figures as from its checks', () => {
    fc.assert(
      fc.property(past, (observations) => {
        const now = new Date((observations.at(-1)?.atMs ?? whole.fromMs) + DAY_MS);
        const days = [...groupBy(observations, ({ atMs }) => floorTo(atMs, DAY_MS))].map(([dayMs, ofDay]) => {
          const hour: HourHistory = { provider: 'alpha', hour: new Date(dayMs).toISOString(), observations: ofDay };
          return dayFrom('alpha', hour.hour.slice(0, 10), [hour], dayMs + DAY_MS);
        });
        const fromDays = uptimeOf('90d', { days, observations: [] }, now);
        const fromChecks = uptimeOf('90d', { days: [], observations }, now);
        // A day does not know the check before its first one, nor the one after its last: at most a minute and a half.
        const { coveragePercentage, series, ...rest } = fromDays;
        expect(fromChecks).toMatchObject(rest);
        expect(Math.abs(fromChecks.coveragePercentage - coveragePercentage)).toBeLessThanOrEqual(0.2);
        expect(series.map(({ coveragePercentage: _, ...part }) => part)).toEqual(
          fromChecks.series.map(({ coveragePercentage: _, ...part }) => part),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('has percentages within 0 and 100, uptime never below usable', () => {
    fc.assert(
      fc.property(past, fc.constantFrom(...UPTIME_WINDOWS), (observations, window) => {
        const now = new Date((observations.at(-1)?.atMs ?? whole.fromMs) + MINUTE_MS);
        const { fromMs } = windowAt(window, now);
        const uptime = uptimeOf(
          window,
          { days: [], observations: observations.filter((one) => one.atMs >= fromMs) },
          now,
        );
        for (const part of [uptime, ...uptime.series]) {
          expect(part.coveragePercentage).toBeGreaterThanOrEqual(0);
          expect(part.coveragePercentage).toBeLessThanOrEqual(100);
          expect((part.uptimePercentage ?? 100) >= (part.usablePercentage ?? 100)).toBe(true);
        }
        expect(uptime.series.reduce((sum, part) => sum + part.checks, 0)).toBe(uptime.checks);
      }),
      { numRuns: 60 },
    );
  });
});
