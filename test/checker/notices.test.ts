import { describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/alerts/notice.ts';
import { createCatchUp } from '../../lib/checker/catch-up.ts';
import { NO_COPIES } from '../../lib/checker/fleet/copies.ts';
import { checkOne } from '../../lib/checker/manual/manual.ts';
import { runTick } from '../../lib/checker/tick/tick.ts';
import { minute, provider } from '../support/builders.ts';
import { checkContext, type TestContext } from '../support/check-context.ts';
import { bad, good, held } from '../support/scripted-prober.ts';
import { CLOSED } from '../support/servers/closed.ts';

function contextOf(ids: readonly string[], overrides = {}) {
  const notices: Notice[][] = [];
  const beats: string[] = [];
  const context: TestContext = checkContext(
    ids.map((id) => provider({ id })),
    overrides,
  );
  context.onNotices = async (handed) => void notices.push([...handed]);
  context.beat = async () => void beats.push(context.clock.now().toISOString());
  return { context, notices, beats };
}

async function tickAt(context: TestContext, minutes: number) {
  context.clock.set(minute(minutes));
  const running = runTick(context, new Date(minute(minutes)), { owner: `${minutes}`, deadlineAt: null });
  return context.clock.drive(running);
}

const kindsOf = (notices: readonly Notice[]) =>
  notices.map((notice) => ('status' in notice ? `${notice.status.provider} ${notice.kind}` : notice.kind));

describe('the notices of a tick', () => {
  it('are passed on one by one, and none when there is nothing to announce', async () => {
    const { context, notices } = contextOf(['a', 'b']);
    context.prober.script('b', good(), bad('auth'), good());
    for (const minutes of [0, 1, 2, 3]) await tickAt(context, minutes);
    expect(notices.map(kindsOf)).toEqual([['a transition'], ['b transition'], ['b transition'], ['b transition']]);
  });

  it('are passed on as each result is stored, while another provider hangs', async () => {
    const { context, notices } = contextOf(['a', 'b']);
    const hanging = held();
    context.prober.script('b', hanging.step);
    const running = runTick(context, new Date(minute(0)), { owner: 'one', deadlineAt: null });
    await context.clock.advance(0);
    expect(notices.map(kindsOf)).toEqual([['a transition']]);
    hanging.release();
    await running;
    expect(notices.map(kindsOf)).toEqual([['a transition'], ['b transition']]);
  });

  it('of the settings of the configuration: a failure is due when alertAfter says so', async () => {
    const { context, notices } = contextOf(['a'], { notices: { alertAfter: 4, remindAfterMinutes: null } });
    context.declared = [provider({ id: 'a', blacklistAfter: 100 })];
    context.prober.script('a', good(), bad('timeout'));
    for (const minutes of [0, 1, 2, 3, 4, 5]) await tickAt(context, minutes);
    expect(notices.flatMap(kindsOf)).toEqual(['a transition', 'a transition', 'a alert_due']);
  });

  it('T8: say when the own network fails and works again, and since when, over ticks in which nothing was due', async () => {
    const { context, notices } = contextOf(['a', 'b'], { witnesses: [CLOSED] });
    await tickAt(context, 0);
    notices.length = 0;
    for (const id of ['a', 'b']) context.prober.script(id, bad('connect'));
    await tickAt(context, 1);
    await tickAt(context, 2);
    const { declared } = context;
    context.declared = declared.map((config) => ({ ...config, enabled: false }));
    await tickAt(context, 2.5);
    context.declared = declared;
    for (const id of ['a', 'b']) context.prober.script(id, good());
    await tickAt(context, 3);
    await tickAt(context, 4);
    expect(notices.map(kindsOf)).toEqual([['monitor_fault'], ['monitor_fault'], ['monitor_recovered']]);
    const since = notices.flat().map((notice) => 'heartbeat' in notice && notice.heartbeat.faultSince);
    expect(since).toEqual([minute(1), minute(1), undefined]);
  });
});

describe('the notices of a manual check', () => {
  it('are passed on like those of a tick', async () => {
    const { context, notices } = contextOf(['a']);
    context.prober.script('a', bad('auth'));
    await checkOne(context, 'a');
    expect(notices.map(kindsOf)).toEqual([['a transition']]);
  });
});

describe('a status that another process has left before it died', () => {
  /**
   * Two processes on one table. The second finds the provider down, and dies before it passes on the notice or ends its
   * tick.
   */
  async function dying() {
    const first = contextOf(['a']);
    const { store } = first.context;
    const compared: string[] = [];
    first.context.catchUp = createCatchUp(async (statuses) => {
      compared.push(...statuses.map(({ provider: id, state, lastCheck }) => `${id} ${state} ${lastCheck?.timestamp}`));
    });
    first.context.onApplied = (_, { status }) => first.context.catchUp.wrote(status);
    await tickAt(first.context, 0);
    const second = contextOf(['a'], { store: { ...store, ticks: { ...store.ticks, finish: async () => {} } } });
    second.context.prober.script('a', bad('auth'));
    await tickAt(second.context, 1);
    compared.length = 0;
    first.context.prober.script('a', bad('auth'));
    return { context: first.context, compared };
  }

  it('is compared with what was announced before a tick changes it, once', async () => {
    const { context, compared } = await dying();
    for (const minutes of [2, 3]) expect((await tickAt(context, minutes)).stored).toEqual(['a']);
    expect(compared).toEqual([`a unhealthy ${minute(1)}`]);
  });

  it('is compared before a manual check changes it', async () => {
    const { context, compared } = await dying();
    context.clock.set(minute(2));
    await checkOne(context, 'a');
    expect(compared).toEqual([`a unhealthy ${minute(1)}`]);
  });

  it('is still checked when the comparison writes it, and compared once', async () => {
    const { context } = await dying();
    const { statuses } = context.store;
    let compared = 0;
    context.catchUp = createCatchUp(async (doubtful) => {
      compared += doubtful.length;
      for (const { provider: id } of doubtful) {
        const status = await statuses.get(id);
        if (status) await statuses.put({ ...status, version: status.version + 1 }, status.version, 'alert_due');
      }
    });
    context.copies = NO_COPIES;
    expect((await tickAt(context, 2)).stored).toEqual(['a']);
    expect(compared).toBe(1);
  });
});

describe('a listener of the checker', () => {
  it('gets each tick that ended here, and none that another process ran', async () => {
    const { context, beats } = contextOf(['a']);
    await tickAt(context, 0);
    await tickAt(context, 1);
    await tickAt(context, 1);
    expect(beats).toHaveLength(2);
  });
});
