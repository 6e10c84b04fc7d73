/** An outbox whose notices come twice, whose process dies, or whose channels and table fail. */

import { describe, expect, it } from 'vitest';
import type { Message } from '../../../lib/alerts/words/message.ts';
import { minute } from '../../support/builders.ts';
import { DELIVERED, each, FAILED, REFUSED, RecordingChannel, Story } from './story.ts';

/** The claim of a process that died before it finished. */
const DEAD = { alert: `${minute(1)}#alpha/opened`, channel: 'team', holder: 'dead', leaseMs: 40_000 };

describe('notices delivered twice', () => {
  it('are announced once', async () => {
    const channel = new RecordingChannel();
    const story = new Story([channel]);
    const ticks = [
      story.tick(0, { alpha: 'ok' }),
      ...[1, 2, 3].map((at) => story.tick(at, { alpha: 'timeout' })),
      story.tick(4, { alpha: 'ok' }),
    ];
    const notices = ticks.flat();
    story.clock.set(minute(4));
    await story.hand(notices);
    await story.hand(notices);
    for (const notice of notices) await story.hand([notice]);
    expect(channel.titles).toEqual(['alpha is down: timeout']);
  });

  it('after a crash between sending and remembering are announced once, and remembered', async () => {
    const channel = new RecordingChannel();
    const story = new Story([channel]);
    const { put } = story.store.alerts;
    story.store.alerts.put = () => Promise.reject(new Error('simulated: gone'));
    const notices = [...story.tick(0, { alpha: 'ok' }), ...story.tick(1, { alpha: 'auth' })];
    expect(await story.hand(notices)).toEqual(notices);
    expect(await story.store.alerts.list()).toEqual([]);
    story.store.alerts.put = put;
    expect(await story.hand(notices)).toEqual([]);
    expect(channel.titles).toEqual(['alpha needs action: auth']);
    expect(await story.store.alerts.list()).toMatchObject([{ subject: 'alpha', open: { problem: 'action_needed' } }]);
  });

  it('after a crash between claiming and sending are announced when the lease has expired', async () => {
    const channel = new RecordingChannel();
    const story = new Story([channel]);
    const notices = story.tick(1, { alpha: 'auth' });
    const claim = { ...DEAD, now: story.clock.now() };
    await story.store.alerts.claim(claim);
    expect(await story.hand(notices)).toEqual(notices);
    expect(channel.titles).toEqual([]);
    await story.clock.advance(40_000);
    expect(await story.hand(notices)).toEqual([]);
    expect(channel.titles).toEqual(['alpha needs action: auth']);
  });

  it('after a crash between claiming and sending are sent before what came later of that provider', async () => {
    const channel = new RecordingChannel();
    const story = new Story([channel]);
    const opened = story.tick(1, { alpha: 'auth' });
    const later = story.tick(2, { alpha: 'ok', beta: 'auth' });
    story.clock.set(minute(2));
    const claim = { ...DEAD, now: story.clock.now() };
    await story.store.alerts.claim(claim);
    await story.hand([...opened, ...later]);
    expect(channel.titles).toEqual(['beta needs action: auth']);
    await story.clock.advance(40_000);
    await story.hand([...opened, ...later]);
    expect(channel.titles.slice(1)).toEqual(['alpha needs action: auth', 'alpha works again after 1 min']);
  });
});

describe('two processes on one table', () => {
  /** Two stories on one table, that of `second` with its own process. */
  function stories() {
    const channel = new RecordingChannel();
    const first = new Story([channel]);
    return { channel, first, second: new Story([channel], {}, first) };
  }

  it('S1: that decide at the same time announce a problem once, whichever check each of them saw', async () => {
    const { channel, first, second } = stories();
    const opened = first.tick(1, { alpha: 'auth' });
    first.tick(2, { alpha: 'auth' });
    const later = first.status('alpha');
    if (!later) throw new Error('expected a status');
    first.clock.set(minute(2));
    // The second process has read the announced alerts and has not written yet; meanwhile the first decides and sends.
    const { list } = first.store.alerts;
    first.store.alerts.list = async () => {
      const before = await list();
      first.store.alerts.list = list;
      await first.hand(opened);
      return before;
    };
    expect(await second.hand([{ kind: 'alert_due', status: later }])).toEqual([]);
    expect(channel.titles).toEqual(['alpha needs action: auth']);
    expect(await first.store.alerts.list()).toMatchObject([{ open: { announcedAt: minute(1) }, unsent: [] }]);
  });

  it('S1: an alert that one of them decides while the other has sent an earlier one is kept and sent', async () => {
    const { channel, first, second } = stories();
    const opened = first.tick(1, { alpha: 'auth' });
    const recovered = first.tick(2, { alpha: 'ok' });
    first.clock.set(minute(2));
    const { settle } = first.store.alerts;
    first.store.alerts.settle = async (...parameters) => {
      first.store.alerts.settle = settle;
      await settle(...parameters);
      await second.decide(recovered);
    };
    await first.hand(opened);
    await first.hand([]);
    expect(channel.titles).toEqual(['alpha needs action: auth', 'alpha works again after 1 min']);
    expect(await first.store.alerts.list()).toMatchObject([{ open: null, unsent: [] }]);
  });

  it('T12: that do not trust each other’s times store an alert once, and send it once', async () => {
    const { channel, first, second } = stories();
    const notices = [...first.tick(1, { alpha: 'auth' }), ...first.tick(2, { alpha: 'ok' })];
    first.clock.set(minute(2));
    await first.decide(notices);
    // For a process that is an hour behind, the announced alerts are from the future, so it decides on the same notices
    // again.
    first.clock.set(minute(-60));
    await second.decide(notices);
    expect((await first.store.alerts.list()).map(({ unsent }) => unsent.map(({ phase }) => phase))).toEqual([
      ['opened', 'recovered'],
    ]);
    await second.hand([]);
    expect(channel.titles).toEqual(['alpha needs action: auth', 'alpha works again after 1 min']);
  });

  it('finishes although another one writes all the time, with notices that are delivered again', async () => {
    const { first } = stories();
    first.store.alerts.put = async () => 'conflict';
    const notices = first.tick(1, { alpha: 'auth' });
    expect(await first.hand(notices)).toEqual(notices);
  });
});

describe('a process', () => {
  it('S1: whose outcome the table did not store sends nothing again, and stores the outcome later', async () => {
    const channel = new RecordingChannel();
    const story = new Story([channel]);
    const notices = story.tick(1, { alpha: 'auth' });
    const { settle } = story.store.alerts;
    story.store.alerts.settle = () => Promise.reject(new Error('simulated: write lost'));
    expect(await story.hand(notices)).toEqual(notices);
    await story.clock.advance(60_000);
    expect(await story.hand(notices)).toEqual(notices);
    story.store.alerts.settle = settle;
    expect(await story.hand(notices)).toEqual([]);
    expect(channel.titles).toEqual(['alpha needs action: auth']);
    const claim = { ...DEAD, holder: 'another', now: story.clock.now() };
    expect(await story.store.alerts.claim(claim)).toBe('settled');
  });

  it('S1: that was paused while it claimed sends nothing with an expired claim', async () => {
    const channel = new RecordingChannel();
    const story = new Story([channel]);
    const notices = story.tick(1, { alpha: 'auth' });
    const { claim } = story.store.alerts;
    story.store.alerts.claim = async (...parameters) => {
      story.store.alerts.claim = claim;
      const answer = await claim(...parameters);
      await story.clock.advance(60_000);
      return answer;
    };
    expect(await story.hand(notices)).toEqual(notices);
    expect(channel.titles).toEqual([]);
    expect(await story.hand(notices)).toEqual([]);
    expect(channel.titles).toEqual(['alpha needs action: auth']);
  });

  it.each(['claim', 'release'] as const)(
    'S1: for which a %s fails leaves the delivery for later, and sends the others',
    async (call) => {
      const channel = new RecordingChannel();
      const story = new Story([channel]);
      const notices = [...story.tick(1, { alpha: 'auth' }), ...story.tick(2, { beta: 'auth' })];
      story.clock.set(minute(2));
      const original = story.store.alerts[call];
      const failing = { alert: `${minute(1)}#alpha/opened` };
      const failsOf = ({ alert }: { alert: string }) => alert === failing.alert;
      if (call === 'release') channel.answers = [FAILED, FAILED, FAILED, FAILED, FAILED, FAILED, FAILED];
      Object.assign(story.store.alerts, {
        [call]: (delivery: { alert: string }) =>
          failsOf(delivery)
            ? Promise.reject(new Error('simulated: no table'))
            : Reflect.apply(original, null, [delivery]),
      });
      expect(await story.hand(notices)).toContain(notices[0]);
      Object.assign(story.store.alerts, { [call]: original });
      channel.answers = [];
      await story.clock.advance(60_000);
      expect(await story.hand(notices)).toEqual([]);
      expect([...channel.titles].sort()).toEqual(['alpha needs action: auth', 'beta needs action: auth']);
    },
  );
});

describe('a channel', () => {
  const down = (story: Story) => story.tick(1, { alpha: 'auth' });

  it('that fails is tried again, with pauses that grow', async () => {
    const channel = new RecordingChannel();
    channel.answers = [FAILED, FAILED];
    const story = new Story([channel]);
    const before = story.clock.now().getTime();
    expect(await story.hand(down(story))).toEqual([]);
    expect(channel.titles).toHaveLength(1);
    // 375 ms and 750 ms, with half of the random part, in steps of a second.
    expect(story.clock.now().getTime() - before).toBeGreaterThanOrEqual(1125);
  });

  it('that keeps failing within its time does not stop the others, and only its own alerts are sent again', async () => {
    const broken = new RecordingChannel({ id: 'broken' });
    const sound = new RecordingChannel({ id: 'sound' });
    broken.usual = FAILED;
    const story = new Story([broken, sound]);
    const notices = down(story);
    expect(await story.hand(notices)).toEqual(notices);
    expect(sound.titles).toEqual(['alpha needs action: auth']);
    broken.usual = DELIVERED;
    expect(await story.hand(notices)).toEqual([]);
    expect(sound.titles).toHaveLength(1);
    expect(broken.titles).toHaveLength(1);
  });

  it('that hangs delays a call by its last attempt at most, and fails no notice, where alerts are sent again otherwise', async () => {
    const [hanging, sound] = [new RecordingChannel({ id: 'hanging' }), new RecordingChannel({ id: 'sound' })];
    const story = new Story([hanging, sound], { retryMs: 2000, sendsAgain: true });
    // Each attempt takes as long as a timeout.
    hanging.send = async () => {
      await story.clock.sleep(5000);
      return FAILED;
    };
    const before = story.clock.now().getTime();
    expect(await story.hand(down(story))).toEqual([]);
    expect(story.clock.now().getTime() - before).toBeLessThanOrEqual(7000);
    expect(sound.titles).toEqual(['alpha needs action: auth']);
    // What is left stays in the table, in order, and goes with the next call.
    const late = new RecordingChannel({ id: 'hanging' });
    hanging.send = (message) => late.send(message);
    expect(await story.hand(story.tick(2, { alpha: 'ok' }))).toEqual([]);
    expect(late.titles).toEqual(['alpha needs action: auth', 'alpha works again after 1 min']);
    expect(sound.titles).toHaveLength(2);
  });

  it('that is down is given up when its alerts are too old to delay others, and gets later ones', async () => {
    const channel = new RecordingChannel();
    channel.usual = FAILED;
    const lost: string[] = [];
    const story = new Story([channel], { giveUpAfterMs: 120_000, onLost: (alerts) => lost.push(...alerts) });
    const notices = down(story);
    story.clock.set(minute(2));
    expect(await story.hand(notices)).toEqual(notices);
    expect(lost).toEqual([]);
    story.clock.set(minute(3));
    expect(await story.hand(notices)).toEqual([]);
    expect(lost).toEqual([expect.stringContaining('alpha')]);
    channel.usual = DELIVERED;
    expect(await story.hand([...notices, ...story.tick(4, { alpha: 'ok' })])).toEqual([]);
    expect(channel.titles).toEqual(['alpha works again after 3 min']);
  });

  it('that hangs is not called for each of many messages', async () => {
    const channel = new RecordingChannel();
    const asked: Message[] = [];
    const story = new Story([channel]);
    // Each attempt takes as long as a timeout.
    channel.send = async (message) => {
      asked.push(message);
      await story.clock.sleep(5000);
      return asked.length > 1 ? DELIVERED : FAILED;
    };
    const notices = Array.from({ length: 20 }, (_, index) => story.tick(index + 1, { [`p${index}`]: 'auth' })).flat();
    const left = await story.hand(notices);
    expect(asked.length).toBeLessThanOrEqual(5);
    expect(left.length).toBe(20 - (asked.length - 1));
  });

  it('that refuses is called once and never again', async () => {
    const channel = new RecordingChannel();
    channel.answers = [REFUSED];
    const lost: string[] = [];
    const story = new Story([channel], { onLost: (alerts) => lost.push(...alerts) });
    const notices = down(story);
    expect(await story.hand(notices)).toEqual([]);
    expect(await story.hand(notices)).toEqual([]);
    expect(channel.titles).toEqual([]);
    expect(lost).toEqual([expect.stringContaining('alpha')]);
  });

  it('that throws, by a bug of the monitor, stops no other', async () => {
    const broken = new RecordingChannel({ id: 'broken' });
    broken.send = () => Promise.reject(new Error('defect'));
    const sound = new RecordingChannel({ id: 'sound' });
    const story = new Story([broken, sound]);
    const notices = down(story);
    expect(await story.hand(notices)).toEqual(notices);
    expect(sound.titles).toHaveLength(1);
  });

  it('never gets a later alert before an earlier one', async () => {
    const channel = new RecordingChannel();
    channel.usual = FAILED;
    const story = new Story([channel]);
    const notices = [...down(story), ...story.tick(2, { alpha: 'ok' })];
    story.clock.set(minute(2));
    expect(await story.hand(notices)).toEqual(notices);
    channel.usual = DELIVERED;
    await story.hand(notices);
    expect(channel.titles).toEqual(['alpha needs action: auth', 'alpha works again after 1 min']);
  });
});

describe('transitions', () => {
  it('are recorded, also where there is no channel', async () => {
    const story = new Story([]);
    await story.run([
      [0, { alpha: 'ok' }],
      [1, { alpha: 'timeout' }],
    ]);
    const { items } = await story.store.transitions.page(null, { from: minute(0), to: minute(9), limit: 10 });
    expect(items.map(({ to }) => to)).toEqual(['unhealthy', 'healthy']);
  });

  it('that cannot be recorded are tried again, and are still announced', async () => {
    const channel = new RecordingChannel();
    const story = new Story([channel]);
    const { put } = story.store.transitions;
    story.store.transitions.put = () => Promise.reject(new Error('simulated: write lost'));
    const notices = story.tick(1, { alpha: 'auth' });
    expect(await story.hand(notices)).toEqual(notices);
    story.store.transitions.put = put;
    expect(await story.hand(notices)).toEqual([]);
    expect(channel.titles).toEqual(['alpha needs action: auth']);
  });
});

describe('what became of each alert', () => {
  const all = { from: minute(0), to: minute(60) };

  it('is recorded by provider and channel, that of one which is refused too', async () => {
    const [team, strict] = [new RecordingChannel(), new RecordingChannel({ id: 'strict' })];
    strict.answers = [REFUSED];
    const story = new Story([team, strict]);
    await story.run([[0, { alpha: 'ok' }], ...each(1, 2, { alpha: 'server_error' }), ...each(3, 5, { alpha: 'ok' })]);
    const found = (await story.store.alerts.announced('alpha', all)).map(
      ({ alertAt, phase, channel, outcome }) => [alertAt, phase, channel, outcome] as const,
    );
    expect(found).toEqual([
      [minute(2), 'opened', 'strict', 'refused'],
      [minute(2), 'opened', 'team', 'delivered'],
      [minute(3), 'recovered', 'strict', 'delivered'],
      [minute(3), 'recovered', 'team', 'delivered'],
    ]);
  });

  it('causes no second message: when it cannot be recorded, the alert counts as sent', async () => {
    const channel = new RecordingChannel();
    const story = new Story([channel]);
    story.store.alerts.announce = () => Promise.reject(new Error('table away'));
    await story.run([[0, { alpha: 'ok' }], ...each(1, 4, { alpha: 'server_error' })]);
    expect(channel.messages).toHaveLength(1);
  });
});
