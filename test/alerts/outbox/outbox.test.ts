import { describe, expect, it } from 'vitest';
import type { Channel, SendResult } from '../../../lib/alerts/channels/channel.ts';
import type { Notice } from '../../../lib/alerts/notice.ts';
import { createOutbox, type OutboxOptions } from '../../../lib/alerts/outbox/outbox.ts';
import type { Message } from '../../../lib/alerts/words/message.ts';
import { wordsOf } from '../../../lib/alerts/words/words.ts';
import { silentLog } from '../../../lib/base/log.ts';
import { ALERT_DEFAULTS, type ChannelSettings, SEVERITIES } from '../../../lib/health/alerting/alert-settings.ts';
import { noticeOf } from '../../../lib/health/alerting/notice.ts';
import type { Category } from '../../../lib/health/category.ts';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../../lib/health/provider.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { createMemoryStore, type MemoryStore } from '../../../lib/store/memory/store.ts';
import { failedCheck, goodCheck, minute, provider, START } from '../../support/builders.ts';
import { FakeClock } from '../../support/clock.ts';

const DELIVERED: SendResult = { outcome: 'delivered', answer: 'HTTP 200' };
const REFUSED: SendResult = { outcome: 'refused', answer: 'HTTP 400: no' };
const FAILED: SendResult = { outcome: 'failed', answer: 'HTTP 503', retryAfterMs: null };

/** The claim of a process that died over it. */
const DEAD = { alert: `${minute(1)}#alpha/opened`, channel: 'team', holder: 'dead', leaseMs: 40_000 };

/** A channel that keeps what it is sent, and answers what a test says, then that it was delivered. */
class RecordingChannel implements Channel {
  readonly settings: ChannelSettings;
  readonly messages: Message[] = [];
  answers: SendResult[] = [];
  /** What it answers by default. */
  usual = DELIVERED;

  constructor(fields: Partial<Pick<ChannelSettings, 'id' | 'tags' | 'severities'>> = {}) {
    this.settings = { id: 'team', tags: [], severities: SEVERITIES, type: 'slack', url: 'env:URL', ...fields };
  }

  async send(message: Message): Promise<SendResult> {
    const answer = this.answers.shift() ?? this.usual;
    if (answer.outcome === 'delivered') this.messages.push(message);
    return answer;
  }

  get titles(): string[] {
    return this.messages.map((message) => wordsOf(message).title);
  }
}

/** Providers whose checks a test makes, minute by minute; the notices are those of the real rules. */
class Story {
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly #statuses = new Map<string, ProviderStatus>();
  readonly #outbox;
  readonly #configs = new Map<string, ProviderConfig>();

  /** @param beside One whose table it shares. */
  constructor(
    channels: readonly Channel[],
    options: Pick<OutboxOptions, 'giveUpAfterMs' | 'onLost'> = {},
    beside?: Pick<Story, 'clock' | 'store'>,
  ) {
    this.clock = beside?.clock ?? new FakeClock();
    this.store = beside?.store ?? createMemoryStore({ now: this.clock.now });
    const parts = { store: this.store, channels, clock: this.clock, log: silentLog, random: () => 0.5 };
    this.#outbox = createOutbox({ ...parts, settings: ALERT_DEFAULTS, ...options });
  }

  configure(config: Partial<ProviderConfig> & { id: string }): this {
    this.#configs.set(config.id, provider(config));
    return this;
  }

  /** The notices of one tick. */
  tick(minutes: number, outcomes: Record<string, Category | 'ok' | 'paused'>): Notice[] {
    return Object.entries(outcomes).flatMap(([id, outcome]) => {
      const config = this.#configs.get(id) ?? provider({ id });
      const before = this.#statuses.get(id) ?? unknownStatus(config, new Date(START));
      const base = { provider: id, timestamp: minute(minutes) };
      const check =
        outcome === 'ok'
          ? goodCheck(base)
          : outcome === 'paused'
            ? failedCheck('server_error', { ...base, maintenance: true })
            : failedCheck(outcome, base);
      const change = nextStatus(before, check, config);
      if (!change) throw new Error('expected a newer check');
      this.#statuses.set(id, change.status);
      const kind = noticeOf(before, change, ALERT_DEFAULTS);
      return kind ? [{ kind, status: change.status }] : [];
    });
  }

  status(id: string): ProviderStatus | undefined {
    return this.#statuses.get(id);
  }

  decide(notices: readonly Notice[]): Promise<ReadonlySet<Notice>> {
    return this.#outbox.decide(notices);
  }

  /** Hands notices over, and lets pauses pass; those that have to come again. */
  async hand(notices: readonly Notice[]): Promise<Notice[]> {
    const handling = this.#outbox.handle(notices);
    let done = false;
    void handling.finally(() => {
      done = true;
    });
    while (!done) await this.clock.advance(1000);
    return [...(await handling)];
  }

  async run(ticks: readonly (readonly [number, Record<string, Category | 'ok' | 'paused'>])[]): Promise<void> {
    for (const [minutes, outcomes] of ticks) {
      // A record more than a minute ahead of the clock is not believed.
      if (this.clock.now() < new Date(minute(minutes))) this.clock.set(minute(minutes));
      await this.hand(this.tick(minutes, outcomes));
    }
  }
}

const each = (from: number, to: number, outcomes: Record<string, Category | 'ok' | 'paused'>) =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index, outcomes] as const);

describe('what is announced', () => {
  it('one failed check is not announced', async () => {
    const channel = new RecordingChannel();
    await new Story([channel]).run([
      [0, { alpha: 'ok' }],
      [1, { alpha: 'server_error' }],
      [2, { alpha: 'ok' }],
    ]);
    expect(channel.titles).toEqual([]);
  });

  it('of an outage: once, at the second failed check, and its end with the duration', async () => {
    const channel = new RecordingChannel();
    await new Story([channel]).run([
      [0, { alpha: 'ok' }],
      ...each(1, 8, { alpha: 'server_error' }),
      [9, { alpha: 'ok' }],
      [10, { alpha: 'ok' }],
      [11, { alpha: 'ok' }],
    ]);
    expect(channel.titles).toEqual(['alpha is down: server_error', 'alpha works again after 9 min']);
    expect(channel.messages[0]).toMatchObject({
      alerts: [{ at: minute(2), since: minute(1), severity: 'critical', fault: 'provider', ordinal: 1 }],
    });
  });

  it.each(['auth', 'quota', 'model_not_found', 'config', 'bad_request'] as const)(
    'of %s: at once, as needs our fix and never as an outage',
    async (category) => {
      const channel = new RecordingChannel();
      await new Story([channel]).run([
        [0, { alpha: 'ok' }],
        [1, { alpha: category }],
      ]);
      expect(channel.titles).toEqual([`alpha needs action: ${category}`]);
      expect(channel.messages[0]).toMatchObject({ alerts: [{ problem: 'action_needed', severity: 'error' }] });
    },
  );

  it('reminds every hour while it lasts', async () => {
    const channel = new RecordingChannel();
    await new Story([channel]).run([[0, { alpha: 'ok' }], ...each(1, 130, { alpha: 'timeout' })]);
    expect(channel.titles).toEqual([
      'alpha is down: timeout',
      'alpha is still down after 1 h: timeout',
      'alpha is still down after 2 h: timeout',
    ]);
  });

  it('three providers within one tick become one message, two do not', async () => {
    const channel = new RecordingChannel();
    const three = (outcome: Category | 'ok') => ({ a: outcome, b: outcome, c: outcome });
    await new Story([channel]).run([
      [0, { ...three('ok'), x: 'ok', y: 'ok' }],
      ...each(1, 2, three('overloaded')),
      ...each(3, 4, { x: 'overloaded', y: 'overloaded' }),
    ]);
    expect(channel.titles).toEqual([
      '3 providers are down: a, b and c',
      'x is down: overloaded',
      'y is down: overloaded',
    ]);
  });

  it('of three that failed one after the other and come back together: in one message, each in its own thread', async () => {
    const channel = new RecordingChannel();
    await new Story([channel]).run([
      [0, { a: 'ok', b: 'ok', c: 'ok' }],
      [1, { a: 'auth' }],
      [2, { b: 'auth' }],
      [3, { c: 'auth' }],
      [4, { a: 'ok', b: 'ok', c: 'ok' }],
    ]);
    expect(channel.titles.slice(3)).toEqual(['3 providers work again: a, b and c']);
    expect(channel.messages[3]).toMatchObject({
      alerts: [{ thread: `${minute(1)}#a` }, { thread: `${minute(2)}#b` }, { thread: `${minute(3)}#c` }],
    });
  });

  it('of one that goes up and down: once, and then nothing until it was steady for 30 minutes', async () => {
    const channel = new RecordingChannel();
    const flaps = Array.from(
      { length: 20 },
      (_, index) => [index + 1, { alpha: index % 2 ? 'ok' : 'connect' }] as const,
    );
    await new Story([channel]).run([[0, { alpha: 'ok' }], ...flaps, ...each(21, 60, { alpha: 'ok' })]);
    expect(channel.titles).toEqual(['alpha is flapping', 'alpha is stable again']);
    expect(channel.messages[1]).toMatchObject({ alerts: [{ at: minute(50) }] });
  });

  it('of one that flapped and then stays down: that it is down, in the thread of its flapping', async () => {
    const channel = new RecordingChannel();
    const flaps = Array.from(
      { length: 10 },
      (_, index) => [index + 1, { alpha: index % 2 ? 'ok' : 'connect' }] as const,
    );
    await new Story([channel]).run([[0, { alpha: 'ok' }], ...flaps, ...each(11, 60, { alpha: 'connect' })]);
    expect(channel.titles).toEqual(['alpha is flapping', 'alpha is down: connect']);
    const threads = channel.messages.flatMap((message) => (message.kind === 'alerts' ? message.alerts : []));
    expect(new Set(threads.map(({ thread }) => thread)).size).toBe(1);
  });

  it('nothing in a planned pause; when it ends and the provider is still down, that it is', async () => {
    const channel = new RecordingChannel();
    await new Story([channel]).run([
      [0, { alpha: 'ok' }],
      ...each(1, 20, { alpha: 'paused' }),
      ...each(21, 22, { alpha: 'server_error' }),
    ]);
    expect(channel.titles).toEqual(['alpha is down: server_error']);
    expect(channel.messages[0]).toMatchObject({ alerts: [{ at: minute(21), since: minute(1) }] });
  });

  it('of an outage that turns into a refused key: that too, once', async () => {
    const channel = new RecordingChannel();
    await new Story([channel]).run([
      [0, { alpha: 'ok' }],
      ...each(1, 4, { alpha: 'server_error' }),
      [5, { alpha: 'auth' }],
      [6, { alpha: 'server_error' }],
      [7, { alpha: 'auth' }],
    ]);
    expect(channel.titles).toEqual(['alpha is down: server_error', 'alpha needs action: auth']);
  });

  it('counts the incidents of 24 hours', async () => {
    const channel = new RecordingChannel();
    const outage = (from: number) => [
      ...each(from, from + 1, { alpha: 'timeout' as const }),
      [from + 2, { alpha: 'ok' as const }] as const,
    ];
    await new Story([channel]).run([
      [0, { alpha: 'ok' }],
      ...outage(60),
      ...outage(120),
      ...outage(180),
      ...outage(1800),
    ]);
    const opened = channel.messages.flatMap((message) => (message.kind === 'alerts' ? message.alerts : []));
    expect(opened.filter(({ phase }) => phase === 'opened').map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 1]);
  });
});

describe('where it is sent', () => {
  it('only channels of its tags and severities, and of the monitor every channel', async () => {
    const everything = new RecordingChannel();
    const production = new RecordingChannel({ id: 'production', tags: ['production'] });
    const outages = new RecordingChannel({ id: 'outages', severities: ['critical'] });
    const story = new Story([everything, production, outages])
      .configure({ id: 'live', tags: ['production', 'eu'] })
      .configure({ id: 'trial', tags: ['test'] });
    await story.run([
      [0, { live: 'ok', trial: 'ok' }],
      [1, { live: 'auth', trial: 'server_error' }],
      [2, { trial: 'server_error' }],
    ]);
    const heartbeat = {
      tick: minute(3),
      finishedAt: minute(3),
      due: 2,
      stored: 0,
      failed: 0,
      skipped: 2,
      monitorFault: true,
    };
    await story.hand([{ kind: 'monitor_fault', heartbeat: { ...heartbeat, faultSince: minute(3) } }]);
    const fault = "The monitor's own network fails";
    expect(everything.titles).toEqual(['live needs action: auth', 'trial is down: server_error', fault]);
    expect(production.titles).toEqual(['live needs action: auth', fault]);
    expect(outages.titles).toEqual(['trial is down: server_error']);
  });
});

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

  it('after a crash between claiming and sending are announced when the lease is over', async () => {
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
    // While the second has read what was announced and has not written yet, the first decides and sends.
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

  it('comes to an end where another one writes all the time, with notices that come again', async () => {
    const { first } = stories();
    first.store.alerts.put = async () => 'conflict';
    const notices = first.tick(1, { alpha: 'auth' });
    expect(await first.hand(notices)).toEqual(notices);
  });
});

describe('a process', () => {
  it('S1: whose outcome the table did not take sends nothing again, and settles it later', async () => {
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

  it('S1: that stood still while it claimed sends nothing under a claim that is over', async () => {
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
    // 375 ms and 750 ms, at half of what chance can do, seen in steps of a second.
    expect(story.clock.now().getTime() - before).toBeGreaterThanOrEqual(1125);
  });

  it('that fails for good within its time stops no other, and only its own comes again', async () => {
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

  it('that is down is given up where its alerts are too old to delay others, and gets what comes later', async () => {
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

  it('that hangs over many messages is not asked for each of them', async () => {
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

  it('that refuses is asked once and never again', async () => {
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

  it('that throws, by a bug of ours, stops no other', async () => {
    const broken = new RecordingChannel({ id: 'broken' });
    broken.send = () => Promise.reject(new Error('defect'));
    const sound = new RecordingChannel({ id: 'sound' });
    const story = new Story([broken, sound]);
    const notices = down(story);
    expect(await story.hand(notices)).toEqual(notices);
    expect(sound.titles).toHaveLength(1);
  });

  it('never gets what comes later before what it has not taken yet', async () => {
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

  it('that cannot be recorded come again, and are announced all the same', async () => {
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

  it('is worth no second message: when it cannot be recorded, the alert counts as sent', async () => {
    const channel = new RecordingChannel();
    const story = new Story([channel]);
    story.store.alerts.announce = () => Promise.reject(new Error('table away'));
    await story.run([[0, { alpha: 'ok' }], ...each(1, 4, { alpha: 'server_error' })]);
    expect(channel.messages).toHaveLength(1);
  });
});
