import { describe, expect, test } from 'vitest';
import { type TickEvent, tickOf } from '../../../functions/shared/tick-event.ts';
import { delayedEvent, scheduledEvent } from '../../support/bundle-events.ts';

test('the tick of a scheduled event is the time that the rule gave it', () => {
  expect(tickOf(scheduledEvent('2026-03-01T10:00:37Z'))).toEqual(new Date('2026-03-01T10:00:37Z'));
});

test('the tick of a delayed message is later by the delay of its queue, however late it comes', () => {
  expect(tickOf(delayedEvent('2026-03-01T10:00:00Z', 50) as TickEvent)).toEqual(new Date('2026-03-01T10:00:50Z'));
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
