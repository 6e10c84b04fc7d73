import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../lib/base/time.ts';
import { type UptimeWindow, uptimeOf } from '../../lib/health/uptime/uptime.ts';
import { readPast } from '../../lib/history/past.ts';
import { checkGroups, GROUP_SIZE } from '../../lib/store/check-groups.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { type Meter, meter } from '../support/metered.ts';
import { fill, fleetOf, simulatedChecks } from '../support/simulation.ts';
import { startTable, type TestTable } from '../support/table.ts';

const NOW = new Date('2026-03-10T12:59:30.000Z');

describe('what a window costs of a table with 90 days in it, at one check a minute', () => {
  const [{ config, character } = { config: null, character: null }] = fleetOf(1);
  let table: TestTable;
  let store: Store;
  let meterOf: ReturnType<typeof meter>;

  beforeAll(async () => {
    if (!config) throw new Error('expected a fleet of one, got none');
    table = await startTable();
    meterOf = meter(table.client);
    store = createDynamoStore({ tableName: table.tableName, client: meterOf.client, now: () => NOW });
    const from = new Date('2026-03-02T00:00:00.000Z');
    const checks = [...simulatedChecks(config, character, from, NOW, 1)];
    await fill(store, config, checks, NOW, { checksMs: 0, hoursMs: 9 * DAY_MS });
    // Stored as a tick does, in packs with the checks of other providers.
    const ids = [config.id, ...Array.from({ length: GROUP_SIZE - 1 }, (_, i) => `with-it-${i}`)];
    const groups = checkGroups(ids.map((id) => ({ ...config, id })));
    const recent = checks.filter(({ timestamp }) => Date.parse(timestamp) >= NOW.getTime() - 3 * HOUR_MS);
    await store.checks.put(
      recent.flatMap((check) => ids.map((id) => ({ ...check, provider: id, model: config.model }))),
      groups,
    );
    // The days before are like the first of these, and cost the same.
    const [day] = await store.days.list(config.id, { from: from.toISOString(), to: from.toISOString() });
    if (!day) throw new Error('expected a day to be like, got none');
    for (let back = 1; back <= 90; back++) {
      const fromMs = from.getTime() - back * DAY_MS;
      const through = new Date(fromMs + DAY_MS).toISOString();
      await store.days.put({ ...day, day: new Date(fromMs).toISOString().slice(0, 10), through });
    }
  });

  afterAll(() => table.close());

  async function costOf(window: UptimeWindow): Promise<Meter & { checks: number }> {
    if (!config) throw new Error('expected a fleet of one, got none');
    meterOf.reset();
    const past = await readPast(store, config, window, NOW);
    return { ...meterOf.read(), checks: uptimeOf(window, past, NOW).checks };
  }

  /** The packs of the current hour, which has no hour or day item yet, and their index item. */
  const NOT_YET = 61;

  it.each([
    { window: '1h', queries: 3, items: 0, checks: 60, readUnits: 10 },
    { window: '24h', queries: 4, items: 25, checks: 1440, readUnits: 14 },
    { window: '7d', queries: 4, items: 169, checks: 10_080, readUnits: 29 },
    { window: '30d', queries: 4, items: 30, checks: 29 * 1440 + 780, readUnits: 24 },
    { window: '90d', queries: 4, items: 100, checks: 89 * 1440 + 780, readUnits: 49 },
  ] as const)(
    '$window: $queries Queries, at most $items hours or days and the checks since, $readUnits read units',
    async (row) => {
      const cost = await costOf(row.window);
      expect(cost.checks).toBe(row.checks);
      expect(cost.requests).toBe(row.queries);
      expect(cost.items).toBeLessThanOrEqual(row.items + NOT_YET);
      expect(cost.readUnits).toBeLessThanOrEqual(row.readUnits);
    },
  );
});
