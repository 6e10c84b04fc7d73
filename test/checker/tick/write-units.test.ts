/** Counts the write units of two hours of ticks, as the table reports them. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTick } from '../../../lib/checker/tick/tick.ts';
import { createHistory } from '../../../lib/history/history.ts';
import { startEmbeddedTable } from '../../../lib/local/table/embedded.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { minute, provider } from '../../support/builders.ts';
import { checkContext } from '../../support/check-context.ts';
import { measured } from '../../support/fleet-of-answers.ts';
import { meterUnits } from '../../support/metered.ts';

/** One full group: of more, each costs the same. */
const PROVIDERS = 20;
const MINUTES = 120;
/** So that two hours end, and are made, meanwhile. */
const FIRST = 26;

describe('what ticks write', () => {
  let table: Awaited<ReturnType<typeof startEmbeddedTable>>;

  beforeAll(async () => {
    table = await startEmbeddedTable();
  });
  afterAll(() => table.close());

  it('at most 1.1 units for each provider and minute, and 2 for each tick, over two hours', async () => {
    const written = meterUnits(table.client);
    const fleet = Array.from({ length: PROVIDERS }, (_, i) => provider({ id: `provider-${i}`, model: 'gpt-5.1-mini' }));
    const context = checkContext(fleet);
    const store = createDynamoStore({ tableName: table.tableName, client: written.client, now: context.clock.now });
    const monitor = { ...context, store, history: createHistory(store) };
    for (const { id } of fleet) context.prober.script(id, measured());

    for (let i = FIRST; i < FIRST + MINUTES; i++) {
      context.clock.set(minute(i));
      const report = await runTick(monitor, new Date(minute(i)), { owner: `${i}`, deadlineAt: null });
      expect(report.stored).toHaveLength(PROVIDERS);
    }

    const units = written.read().writes - 2 * MINUTES;
    expect(units / (PROVIDERS * MINUTES)).toBeLessThanOrEqual(1.1);
    const { items } = await store.checks.page('provider-7', { from: minute(0), to: minute(500), limit: 1000 });
    expect(items).toHaveLength(MINUTES);
  });
});
