import { describe, expect, it } from 'vitest';
import type { Category } from '../../../lib/health/category.ts';
import { minute } from '../../support/builders.ts';
import { each, RecordingChannel, Story } from './story.ts';

describe('the outbox', () => {
  it('announces nothing after one failed check', async () => {
    const channel = new RecordingChannel();
    await new Story([channel]).run([
      [0, { alpha: 'ok' }],
      [1, { alpha: 'server_error' }],
      [2, { alpha: 'ok' }],
    ]);
    expect(channel.titles).toEqual([]);
  });

  it('announces an outage once, at the second failed check, and its end with the duration', async () => {
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

  it('sends a reminder every hour while an outage lasts', async () => {
    const channel = new RecordingChannel();
    await new Story([channel]).run([[0, { alpha: 'ok' }], ...each(1, 130, { alpha: 'timeout' })]);
    expect(channel.titles).toEqual([
      'alpha is down: timeout',
      'alpha is still down after 1 h: timeout',
      'alpha is still down after 2 h: timeout',
    ]);
  });

  it('sends one message for three providers within one tick, but not for two', async () => {
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

  it('announces in one message, each in its own thread, that three providers recovered together', async () => {
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

  it('announces a flapping provider once, and then nothing until it has kept its state for 30 minutes', async () => {
    const channel = new RecordingChannel();
    const flaps = Array.from(
      { length: 20 },
      (_, index) => [index + 1, { alpha: index % 2 ? 'ok' : 'connect' }] as const,
    );
    await new Story([channel]).run([[0, { alpha: 'ok' }], ...flaps, ...each(21, 60, { alpha: 'ok' })]);
    expect(channel.titles).toEqual(['alpha is flapping', 'alpha is stable again']);
    expect(channel.messages[1]).toMatchObject({ alerts: [{ at: minute(50) }] });
  });

  it('announces that a flapping provider stays down, in the thread of its flapping', async () => {
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

  it('announces nothing in a planned pause, and after it that the provider is still down', async () => {
    const channel = new RecordingChannel();
    await new Story([channel]).run([
      [0, { alpha: 'ok' }],
      ...each(1, 20, { alpha: 'paused' }),
      ...each(21, 22, { alpha: 'server_error' }),
    ]);
    expect(channel.titles).toEqual(['alpha is down: server_error']);
    expect(channel.messages[0]).toMatchObject({ alerts: [{ at: minute(21), since: minute(1) }] });
  });

  it('announces once that an outage turned into a refused key', async () => {
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
  it('to channels with its tags and severities only; about the monitor itself to every channel', async () => {
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
