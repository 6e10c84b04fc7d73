import { describe, expect, test } from 'vitest';
import { type TickEvent, tickOf } from '../../../functions/shared/tick-event.ts';
import { delayedEvent, scheduledEvent } from '../../support/bundle-events.ts';

test('the tick of a scheduled event is the time that the rule gave it', () => {
  expect(tickOf(scheduledEvent('2026-03-01T10:00:37Z'))).toEqual({
    tick: new Date('2026-03-01T10:00:37Z'),
    shard: { index: 0, count: 1 },
  });
});

test('the tick of a delayed message is later by the delay of its queue, however late it comes', () => {
  expect(tickOf(delayedEvent('2026-03-01T10:00:00Z', 50) as TickEvent).tick).toEqual(new Date('2026-03-01T10:00:50Z'));
});

describe('an event without a time is refused with what to send instead', () => {
  test.each([
    ['none at all', {}],
    ['no time of day', { time: 'soon' }],
    ['a message without one', { Records: [{ body: '{}' }] }],
    ['no message', { Records: [] }],
  ])('%s', (_name, event) => {
    expect(() => tickOf(event as TickEvent)).toThrow(/^event\.time: expected the time of a scheduled event, .* got /);
  });
});

test('an event of a shard names it, also one that waited in a queue', () => {
  const shard = { shard: 2, shards: 5 };
  const direct = { time: '2026-03-01T10:00:00Z', ...shard };
  const waited = { Records: [{ body: JSON.stringify({ ...direct, delaySeconds: 30 }) }] } as TickEvent;
  expect(tickOf(direct).shard).toEqual({ index: 2, count: 5 });
  expect(tickOf(waited)).toEqual({ tick: new Date('2026-03-01T10:00:30Z'), shard: { index: 2, count: 5 } });
});

test.each([
  [{ shard: 5, shards: 5 }],
  [{ shard: -1, shards: 5 }],
  [{ shard: 1.5, shards: 5 }],
  [{ shard: '1', shards: 5 }],
  [{ shard: 1, shards: 1000 }],
  [{ shard: 1, shards: null }],
])('a shard that there cannot be is refused: %o', (shard) => {
  const event = { time: '2026-03-01T10:00:00Z', ...shard } as unknown as TickEvent;
  expect(() => tickOf(event)).toThrow(/^event\.shard: expected one of 0 to 39 and below event\.shards, got /);
});
