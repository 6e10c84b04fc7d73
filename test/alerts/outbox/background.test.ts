import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../lib/alerts/notice.ts';
import { createBackground } from '../../../lib/alerts/outbox/background.ts';
import { createOutbox } from '../../../lib/alerts/outbox/outbox.ts';
import { createTransitionLog } from '../../../lib/alerts/transition-log.ts';
import { type Log, silentLog } from '../../../lib/base/log.ts';
import { ALERT_DEFAULTS } from '../../../lib/health/alerting/alert-settings.ts';
import { unhealthyStatus } from '../../support/builders.ts';
import { FakeClock } from '../../support/clock.ts';
import { FAILED, RecordingChannel, Story } from './story.ts';

const statusOf = (id: string) => unhealthyStatus({ id });
const notice = (id: string): Notice => ({ kind: 'transition', status: statusOf(id) });
const idOf = (one: Notice) => ('status' in one ? one.status.provider : '*');

/** A background outbox on an outbox and a transition log that record their calls, and fail when the test says so. */
function backgroundOf(
  fails: { decide?: (id: string) => boolean; record?: () => boolean; compare?: () => boolean } = {},
  channels = ['team'],
) {
  const clock = new FakeClock();
  const calls: string[] = [];
  const errors: string[] = [];
  /** Alerts in the table that are decided but not yet sent. */
  let unsent: string[] = [];
  let send = async (_signal: AbortSignal): Promise<boolean> => true;
  const outbox = {
    async decide(notices: readonly Notice[]) {
      calls.push(`decide ${notices.map(idOf)}`);
      const failed = notices.filter((one) => fails.decide?.(idOf(one)));
      unsent.push(...notices.filter((one) => !failed.includes(one)).map(idOf));
      return new Set(failed);
    },
    async send(signal: AbortSignal) {
      if (unsent.length === 0) return new Set<string>();
      const batch = unsent;
      calls.push(`send ${batch}`);
      if (!(await send(signal))) return new Set(batch);
      unsent = unsent.filter((id) => !batch.includes(id));
      return new Set<string>();
    },
    async endUnchecked() {
      calls.push('end unchecked');
      return false;
    },
    handle: () => Promise.reject(new Error('not used')),
  };
  const transitions = {
    async record({ provider }: { provider: string }) {
      if (fails.record?.()) throw new Error('simulated: no table');
      calls.push(`record ${provider}`);
    },
    find: () => Promise.reject(new Error('not used')),
    has: () => false,
    async compare(statuses: readonly { provider: string }[]) {
      calls.push(`compare ${statuses.map(({ provider }) => provider)}`);
      return fails.compare?.() ? [new Error('simulated: no table')] : [];
    },
  };
  const log: Log = { info: () => {}, warn: () => {}, error: (message) => void errors.push(message) };
  const background = createBackground({ outbox, transitions, channels, clock, log });
  return { ...background, clock, calls, errors, sendBy };

  function sendBy(how: typeof send): void {
    send = how;
  }
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<boolean>((resolve) => signal.addEventListener('abort', () => resolve(false), { once: true }));

describe('the background outbox', () => {
  it('records a transition at once, and decides and sends behind the check, those of two seconds together', async () => {
    const { onNotices, clock, calls } = backgroundOf();
    await onNotices([notice('a')]);
    expect(calls).toEqual(['record a']);
    await clock.advance(1000);
    await onNotices([notice('b')]);
    await clock.advance(1000);
    expect(calls).toEqual(['record a', 'record b', 'decide a,b', 'send a,b']);
    expect(clock.sleeping).toBe(0);
  });

  it('decides on new notices while a channel hangs', async () => {
    const { onNotices, clock, calls, sendBy, stop } = backgroundOf();
    sendBy(untilAborted);
    await onNotices([notice('a')]);
    await clock.advance(2000);
    await onNotices([notice('b')]);
    await clock.advance(2000);
    expect(calls.slice(1)).toEqual(['decide a', 'send a', 'record b', 'decide b']);
    await stop();
  });

  it('sends failed alerts again after half a minute, or at once together with new ones', async () => {
    const { onNotices, clock, calls, sendBy } = backgroundOf();
    sendBy(async () => false);
    await onNotices([notice('a')]);
    await clock.advance(2000);
    await clock.advance(30_000);
    expect(calls.filter((call) => call === 'send a')).toHaveLength(2);
    sendBy(async () => true);
    await onNotices([notice('b')]);
    await clock.advance(2000);
    expect(calls.at(-1)).toBe('send a,b');
    expect(clock.sleeping).toBe(0);
  });

  it('decides on notices that failed before later ones, and loses none that could not be recorded', async () => {
    let isDown = true;
    const { onNotices, clock, calls, errors } = backgroundOf({ decide: () => isDown, record: () => isDown });
    await onNotices([notice('a')]);
    await clock.advance(2000);
    await onNotices([notice('b')]);
    isDown = false;
    await clock.advance(30_000);
    expect(calls).toEqual(['decide a', 'decide a,b', 'send a,b']);
    expect(errors).toEqual(Array(2).fill('transition not recorded; it is tried again'));
  });

  it('compares before a tick probes: pending notices are decided on first, and unsent alerts are sent', async () => {
    const { onNotices, compare, clock, calls } = backgroundOf();
    await onNotices([notice('a')]);
    await compare([statusOf('b')], null);
    expect(calls.slice(0, 3)).toEqual(['record a', 'compare b', 'decide a,b']);
    await clock.advance(0);
    expect(calls.slice(3)).toEqual(['send a,b']);
    await clock.advance(2000);
    expect(clock.sleeping).toBe(0);
  });

  it('makes no attempt too early because a tick compares', async () => {
    const { onNotices, compare, clock, calls, sendBy, stop } = backgroundOf();
    sendBy(async () => false);
    await onNotices([notice('a')]);
    await clock.advance(2000);
    for (let tick = 0; tick < 5; tick++) {
      await compare([], null);
      await clock.advance(5000);
    }
    expect(calls.filter((call) => call.startsWith('send'))).toEqual(['send a']);
    await stop();
  });

  it('without a channel only decides on notices that could not be recorded', async () => {
    let isDown = false;
    const { onNotices, compare, clock, calls } = backgroundOf({ compare: () => isDown }, []);
    await onNotices([notice('a')]);
    await compare([statusOf('b')], null);
    isDown = true;
    await compare([statusOf('c')], null);
    await clock.advance(60_000);
    expect(calls).toEqual(['record a', 'compare b', 'compare c', 'decide c']);
    expect(clock.sleeping).toBe(0);
  });

  it('P8: when it stops, it ends what is being sent, decides on pending notices, and calls nothing afterwards', async () => {
    const { onNotices, compare, clock, calls, sendBy, stop } = backgroundOf();
    sendBy(untilAborted);
    await onNotices([notice('a')]);
    await clock.advance(2000);
    await onNotices([notice('b')]);
    await stop();
    expect(calls.slice(1)).toEqual(['decide a', 'send a', 'record b', 'decide b']);
    sendBy(async () => true);
    await clock.advance(3_600_000);
    expect({ sleeping: clock.sleeping, calls: calls.length }).toEqual({ sleeping: 0, calls: 5 });
    await compare([], null);
    await clock.advance(0);
    expect(calls.at(-1)).toBe('send a,b');
  });

  it.each([
    ['while it waits to try again', 10_000],
    ['at the moment of an attempt', 30_000],
  ])('P8: calls nothing after a stop %s', async (_, waitedMs) => {
    const { onNotices, clock, calls, sendBy, stop } = backgroundOf();
    sendBy(async () => false);
    await onNotices([notice('a')]);
    await clock.advance(2000);
    await clock.advance(waitedMs);
    await stop();
    const before = calls.length;
    await clock.advance(3_600_000);
    expect({ sleeping: clock.sleeping, after: calls.length - before }).toEqual({ sleeping: 0, after: 0 });
  });
});

describe('the background outbox with two channels', () => {
  function twoChannels() {
    const [good, bad] = [new RecordingChannel({ id: 'good' }), new RecordingChannel({ id: 'bad' })];
    const { clock, store, ...story } = withTick(new Story([]));
    const transitions = createTransitionLog(store);
    const parts = { store, clock, log: silentLog, transitions };
    const outbox = createOutbox({ ...parts, channels: [good, bad], settings: ALERT_DEFAULTS, random: () => 0.5 });
    return { ...createBackground({ ...parts, outbox, channels: ['good', 'bad'] }), ...story, good, bad, clock, store };
  }
  const withTick = (story: Story) => ({
    clock: story.clock,
    store: story.store,
    tick: (minutes: number, id: string) => story.tick(minutes, { [id]: 'auth' }),
  });

  it('sends new alerts to the good one at once while the other fails, and to that one in order when it works', async () => {
    const { onNotices, tick, good, bad, clock, store, stop } = twoChannels();
    bad.usual = FAILED;
    await onNotices(tick(0, 'alpha'));
    await clock.advance(2000);
    expect(good.titles).toEqual(['alpha needs action: auth']);
    await onNotices(tick(0, 'beta'));
    await clock.advance(2000);
    expect(good.titles).toEqual(['alpha needs action: auth', 'beta needs action: auth']);
    await clock.advance(120_000);
    expect(bad.titles).toEqual([]);
    bad.answers = [];
    bad.usual = { outcome: 'delivered', answer: 'HTTP 200' };
    await clock.advance(30_000);
    const sent = (channel: RecordingChannel) =>
      channel.messages.flatMap((one) => (one.kind === 'alerts' ? one.alerts.map(({ provider }) => provider) : []));
    expect([sent(good), sent(bad)]).toEqual([
      ['alpha', 'beta'],
      ['alpha', 'beta'],
    ]);
    // Both have all alerts, so the table keeps none for them.
    expect((await store.alerts.list()).flatMap(({ unsent }) => unsent)).toEqual([]);
    await stop();
    expect(clock.sleeping).toBe(0);
  });
});
