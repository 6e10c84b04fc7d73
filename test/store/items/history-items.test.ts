import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES, faultOf } from '../../../lib/health/category.ts';
import { distributionOf, percentilesOf } from '../../../lib/health/uptime/distribution.ts';
import { dayFrom, type HourHistory } from '../../../lib/health/uptime/history.ts';
import type { Observation } from '../../../lib/health/uptime/observation.ts';
import { dayItem, daysFromItems } from '../../../lib/store/items/day-item.ts';
import { distributionFromText, distributionText } from '../../../lib/store/items/distribution-text.ts';
import { hourItems, hoursFromItems } from '../../../lib/store/items/hour-item.ts';
import { observationFromWord, observationWord } from '../../../lib/store/items/observation-text.ts';

const HOUR = '2026-03-01T10:00:00.000Z';
const HOUR_MS = Date.parse(HOUR);
const LONGEST_ID = 'a'.repeat(63);

function seen(seconds: number, fields: Partial<Observation> = {}): Observation {
  return {
    atMs: HOUR_MS + seconds * 1000,
    responseTimeMs: 412,
    firstTokenMs: null,
    listedModels: false,
    failure: null,
    maintenance: false,
    intervalMs: 60_000,
    ...fields,
  };
}

const observation = fc
  .record({
    seconds: fc.nat(3599),
    responseTimeMs: fc.nat(300_000),
    firstTokenMs: fc.option(fc.nat(300_000)),
    listedModels: fc.boolean(),
    failure: fc.option(
      fc.record({
        category: fc.constantFrom(...CATEGORIES),
        fault: fc.constantFrom('ours' as const, 'provider' as const),
      }),
    ),
    maintenance: fc.boolean(),
  })
  .map(({ seconds, ...fields }) => seen(seconds, fields));

const byTime = (a: Observation, b: Observation) => a.atMs - b.atMs;
const inKeyOrder = (items: ReturnType<typeof hourItems>) =>
  items.toSorted((a, b) => (String(a.sk) < String(b.sk) ? -1 : 1));
/** As DynamoDB counts: names and values of UTF-8. An upper bound. */
const sizeOf = (item: object) => Buffer.byteLength(JSON.stringify(item));

describe('a check of an hour as a word', () => {
  it.each<[string, Partial<Observation>]>([
    ['60:412', {}],
    ['60:412/120', { firstTokenMs: 120 }],
    ['60:412m', { listedModels: true }],
    ['60:412!timeout', { failure: { category: 'timeout', fault: 'provider' } }],
    ['60:412!dns*', { failure: { category: 'dns', fault: 'ours' } }],
    ['60:412~', { maintenance: true }],
    ['60:412m!auth~', { listedModels: true, failure: { category: 'auth', fault: 'ours' }, maintenance: true }],
  ])('is %s', (word, fields) => {
    expect(observationWord(seen(60, fields), HOUR_MS)).toBe(word);
    expect(observationFromWord(word, HOUR_MS, 60_000)).toEqual(seen(60, fields));
  });

  it.each(['', '60', '60:', ':5', '60:5!', '60:5!sunspots', '60:5 ', '-1:5', '60:5!timeout!', 'x'.repeat(500)])(
    'cannot be %j',
    (word) => {
      expect(() => observationFromWord(word, HOUR_MS, 60_000)).toThrow(/expected seconds:milliseconds.*got "/);
    },
  );
});

describe('an HOUR item', () => {
  it('reads back as the hour that it was made of, at any interval', () => {
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 900 }), (observations) => {
        const hour: HourHistory = { provider: 'alpha', hour: HOUR, observations: observations.sort(byTime) };
        const items = hourItems(hour);
        expect(hoursFromItems('alpha', inKeyOrder(items))).toEqual([hour]);
      }),
      { numRuns: 50 },
    );
  });

  it('is one item under 1 KB at one check a minute', () => {
    const observations = Array.from({ length: 60 }, (_, i) =>
      seen(i * 60, { responseTimeMs: 1234, firstTokenMs: i % 2 ? 567 : null }),
    );
    const items = hourItems({ provider: LONGEST_ID, hour: HOUR, observations });
    expect(items).toHaveLength(1);
    expect(sizeOf(items[0] ?? {})).toBeLessThan(1024);
  });

  it('is one item under 4 KB at one check a minute, however they end', () => {
    const worst = seen(3599, {
      responseTimeMs: 300_000,
      firstTokenMs: 299_999,
      failure: { category: 'model_not_found', fault: 'provider' },
      maintenance: true,
      listedModels: true,
    });
    const items = hourItems({
      provider: LONGEST_ID,
      hour: HOUR,
      observations: Array.from({ length: 62 }, () => worst),
    });
    expect(items).toHaveLength(1);
    expect(sizeOf(items[0] ?? {})).toBeLessThan(4096);
  });

  it.each([
    { intervalSeconds: 10, most: 1 },
    { intervalSeconds: 1, most: 10 },
  ])('stays under 4 KB at one check in $intervalSeconds s, in at most $most parts', ({ intervalSeconds, most }) => {
    const observations = Array.from({ length: 3600 / intervalSeconds }, (_, i) => seen(i * intervalSeconds));
    const items = hourItems({ provider: LONGEST_ID, hour: HOUR, observations });
    expect(items.length).toBeLessThanOrEqual(most);
    expect(Math.max(...items.map(sizeOf))).toBeLessThan(4096);
    expect(hoursFromItems(LONGEST_ID, inKeyOrder(items))[0]?.observations).toEqual(observations);
  });

  it('says for other programs how many checks ended how', () => {
    const outage = seen(60, { failure: { category: 'timeout', fault: 'provider' } });
    const [item] = hourItems({ provider: 'alpha', hour: HOUR, observations: [seen(0), outage, seen(120)] });
    expect(item).toMatchObject({ pk: 'HOUR#alpha', sk: HOUR, v: 1, counts: { ok: 2, timeout: 1 }, everySeconds: 60 });
  });

  it('keeps the interval of each check when it was changed within the hour', () => {
    const observations = [seen(0), seen(60), seen(70, { intervalMs: 10_000 }), seen(80, { intervalMs: 10_000 })];
    const hour = { provider: 'alpha', hour: HOUR, observations };
    expect(hoursFromItems('alpha', inKeyOrder(hourItems(hour)))).toEqual([hour]);
  });

  it('is not there when one of its parts is missing, for it is made again then', () => {
    const items = inKeyOrder(
      hourItems({ provider: 'alpha', hour: HOUR, observations: Array.from({ length: 1800 }, (_, i) => seen(2 * i)) }),
    );
    expect(items.length).toBeGreaterThan(2);
    items.forEach((_, i) => {
      expect(
        hoursFromItems(
          'alpha',
          items.filter((__, j) => j !== i),
        ),
      ).toEqual([]);
    });
  });

  it('is written with the part that says it is there last', () => {
    const observations = Array.from({ length: 1800 }, (_, i) => seen(2 * i));
    expect(hourItems({ provider: 'alpha', hour: HOUR, observations }).at(-1)?.sk).toBe(HOUR);
  });

  it.each([
    ['of a newer shape', { v: 2 }],
    ['without checks', { checks: undefined }],
    ['with checks in another form', { checks: 'what?' }],
    ['without its interval', { everySeconds: '60' }],
  ])('%s costs that hour alone', (_, change) => {
    const next = '2026-03-01T11:00:00.000Z';
    const items = [
      ...hourItems({ provider: 'alpha', hour: HOUR, observations: [seen(0)] }).map((item) => ({ ...item, ...change })),
      ...hourItems({ provider: 'alpha', hour: next, observations: [seen(3600)] }),
    ];
    expect(hoursFromItems('alpha', items).map(({ hour }) => hour)).toEqual([next]);
  });
});

describe('a distribution as a text', () => {
  it('is short where times are close', () => {
    expect(distributionText(distributionOf([10, 11, 11, 11, 13]), 1)).toBe('a 1*3 2');
  });

  it('reads back exactly at a step of 1 ms', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300_000)), (values) => {
        const distribution = distributionOf(values);
        expect(distributionFromText('answered', distributionText(distribution, 1), 1)).toEqual(distribution);
      }),
    );
  });

  it('has every percentile within half a step at a greater one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { minLength: 1 }), fc.constantFrom(2, 8, 64), (values, stepMs) => {
        const exact = percentilesOf(distributionOf(values));
        const kept = percentilesOf(
          distributionFromText('answered', distributionText(distributionOf(values), stepMs), stepMs),
        );
        for (const name of ['p50Ms', 'p90Ms', 'p95Ms', 'p99Ms'] as const) {
          expect(Math.abs((exact?.[name] ?? 0) - (kept?.[name] ?? 1e9))).toBeLessThanOrEqual(stepMs / 2);
        }
      }),
    );
  });

  it.each(['!', 'a 1*', 'a  1', 'A'])('cannot be %j', (text) => {
    expect(() => distributionFromText('answered', text, 1)).toThrow(/answered: expected steps and counts/);
  });
});

describe('a DAY item', () => {
  /** Log-normal around a median, as response times are; the same ones always. */
  function times(count: number, medianMs: number, sigma: number): number[] {
    let state = 7;
    const uniform = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state + 1) / 2 ** 32;
    };
    return Array.from({ length: count }, () => {
      const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
      return Math.round(medianMs * Math.exp(sigma * normal));
    });
  }

  function dayOf(responseTimes: readonly number[], fields: Partial<Observation> = {}) {
    const everyMs = 86_400_000 / responseTimes.length;
    const observations = responseTimes.map((responseTimeMs, i) =>
      seen(0, { atMs: Date.parse('2026-03-01') + i * everyMs, responseTimeMs, intervalMs: everyMs, ...fields }),
    );
    const end = Date.parse('2026-03-02');
    return dayFrom(LONGEST_ID, '2026-03-01', [{ provider: LONGEST_ID, hour: HOUR, observations }], end);
  }

  it('reads back as the day that it was made of', () => {
    const day = dayOf(times(1440, 400, 0.3));
    expect(daysFromItems(LONGEST_ID, [dayItem(day)])).toEqual([day]);
  });

  it('keeps failures by category, whose fault they were, and pauses', () => {
    const good = dayOf(times(100, 400, 0.3));
    const bad = dayOf(times(100, 400, 0.3), { failure: { category: 'timeout', fault: faultOf('timeout') } });
    const pause = dayOf(times(100, 400, 0.3), { maintenance: true });
    for (const day of [good, bad, pause]) expect(daysFromItems(LONGEST_ID, [dayItem(day)])).toEqual([day]);
    expect(dayItem(bad)).toMatchObject({ checks: 100, outages: 100, failures: { timeout: 100 } });
  });

  it.each([
    { what: 'one check a minute around 400 ms', count: 1440, medianMs: 400, sigma: 0.3, most: 0.003 },
    { what: 'one check a minute around 3 s', count: 1440, medianMs: 3000, sigma: 0.5, most: 0.005 },
    { what: 'one check in 10 s around 400 ms', count: 8640, medianMs: 400, sigma: 0.5, most: 0.01 },
    { what: 'one check in 10 s all over', count: 8640, medianMs: 5000, sigma: 1, most: 0.01 },
  ])('with $what stays under 4 KB, streams included, its percentiles within $most of what was measured', (row) => {
    const responseTimes = times(row.count, row.medianMs, row.sigma);
    const day = dayOf(responseTimes);
    const streamed = {
      ...day,
      tally: { ...day.tally, firstTokens: distributionOf(times(row.count, row.medianMs / 3, row.sigma)) },
    };
    const item = dayItem(streamed);
    expect(sizeOf(item)).toBeLessThan(4096);
    const exact = percentilesOf(distributionOf(responseTimes));
    const kept = percentilesOf(daysFromItems(LONGEST_ID, [item])[0]?.tally.answered ?? new Map());
    for (const name of ['p50Ms', 'p90Ms', 'p95Ms', 'p99Ms'] as const) {
      const expected = exact?.[name] ?? 0;
      expect(Math.abs((kept?.[name] ?? 0) - expected) / expected).toBeLessThan(row.most);
    }
  });

  it('is exact at one check a minute around 400 ms', () => {
    expect(dayItem(dayOf(times(1440, 400, 0.3)))).toMatchObject({ stepMs: 1 });
  });

  it('stays under 4 KB with every category of failure and the widest spread', () => {
    const day = dayOf(Array.from({ length: 8640 }, (_, i) => i * 34));
    const failures = Object.fromEntries(CATEGORIES.map((category) => [category, 100_000]));
    expect(
      sizeOf(dayItem({ ...day, tally: { ...day.tally, failures, firstTokens: day.tally.answered } })),
    ).toBeLessThan(4096);
  });

  it.each([
    ['of a newer shape', { v: 2 }],
    ['with an unknown failure', { failures: { sunspots: 1 } }],
    ['with times in another form', { answered: '?' }],
    ['without its end', { through: null }],
  ])('%s costs that day alone', (_, change) => {
    const day = dayOf([400]);
    const items = [{ ...dayItem(day), ...change }, dayItem({ ...day, day: '2026-03-02' })];
    expect(daysFromItems(LONGEST_ID, items).map((one) => one.day)).toEqual(['2026-03-02']);
  });
});
