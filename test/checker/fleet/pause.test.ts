import { describe, expect, it } from 'vitest';
import { setPause } from '../../../lib/checker/fleet/pause.ts';
import { runTick } from '../../../lib/checker/tick/tick.ts';
import { minute, provider, START } from '../../support/builders.ts';
import { checkContext, type TestContext } from '../../support/check-context.ts';
import { bad } from '../../support/scripted-prober.ts';

async function tickAt(context: TestContext, minutes: number) {
  context.clock.set(minute(minutes));
  const running = runTick(context, new Date(minute(minutes)), { owner: `${minutes}`, deadlineAt: null });
  await context.clock.advance(1000);
  return running;
}

const pause = { until: minute(10), reason: 'moving' };

describe('a pause by hand', () => {
  it.each(['drain', 'maintenance'] as const)(
    '(%s) keeps the health of the provider, and ends by itself',
    async (kind) => {
      const context = checkContext([provider()]);
      await tickAt(context, 0);
      const before = await context.store.statuses.get('alpha');
      const fields = kind === 'drain' ? ['drainUntil', 'drainReason'] : ['maintenanceUntil', 'maintenanceReason'];
      const set = Object.fromEntries(fields.map((field, index) => [field, index === 0 ? pause.until : pause.reason]));
      expect(await setPause(context, 'alpha', kind, pause)).toEqual({ ...before, version: 3, ...set });
      await tickAt(context, 9);
      expect(await context.store.statuses.get('alpha')).toMatchObject(set);
      await tickAt(context, 10);
      expect(await context.store.statuses.get('alpha')).toMatchObject(
        Object.fromEntries(fields.map((field) => [field, null])),
      );
    },
  );

  it('is refused when its reason contains a key, which the error does not repeat, or its time is none', async () => {
    const context = checkContext([provider()]);
    const key = `sk-proj-${'aB3'.repeat(10)}`;
    const refused = setPause(context, 'alpha', 'drain', { until: minute(10), reason: `moving, ${key}` });
    await expect(refused).rejects.toMatchObject({ code: 'bad_option', option: 'reason' });
    await expect(refused).rejects.not.toThrow(key);
    const timeless = setPause(context, 'alpha', 'drain', { until: 'soon', reason: null });
    await expect(timeless).rejects.toThrow('until: expected a time such as "2026-03-01T12:00:00.000Z", got "soon".');
    expect(await context.store.statuses.get('alpha')).toBeNull();
  });

  it('marks the checks made in it, so that they are neither uptime nor downtime', async () => {
    const context = checkContext([provider()]);
    await tickAt(context, 0);
    await setPause(context, 'alpha', 'maintenance', pause);
    await tickAt(context, 1);
    await tickAt(context, 10);
    const { items } = await context.store.checks.page('alpha', { from: START, to: minute(20), limit: 10 });
    expect(items.map(({ maintenance }) => maintenance ?? false)).toEqual([false, true, false]);
  });

  it('S2: racing a tick is not lost, nor is the check', async () => {
    const context = checkContext([provider()]);
    await tickAt(context, 0);
    context.prober.script('alpha', bad('auth'));
    const { get } = context.store.statuses;
    const { put } = context.store.statuses;
    let raced = false;
    context.store.statuses.put = async (status, basedOn, notice) => {
      // A check is stored between the reading and the writing of the pause.
      if (!raced && status.drainUntil !== null) {
        raced = true;
        context.store.statuses.put = put;
        await tickAt(context, 1);
      }
      return put(status, basedOn, notice);
    };
    await setPause(context, 'alpha', 'drain', pause);
    expect(await get('alpha')).toMatchObject({ state: 'unhealthy', drainUntil: pause.until });
  });

  it('of a registered provider that was deleted meanwhile brings nothing back', async () => {
    const context = checkContext([]);
    await context.store.registrations.put({ provider: 'gone', input: { id: 'gone' }, registeredAt: START });
    await expect(setPause(context, 'gone', 'drain', pause)).rejects.toMatchObject({ code: 'unknown_provider' });
    expect(await context.store.statuses.get('gone')).toBeNull();
  });
});
