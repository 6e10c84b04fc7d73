import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../lib/probe/adapters/adapter.ts';
import { createEventReader } from '../../../lib/probe/wire/event-stream.ts';

/** Reads a stream that comes in pieces of `size` bytes. */
function read(text: string, size: number): { events: StreamEvent[]; tokens: number } {
  const events: StreamEvent[] = [];
  let tokens = 0;
  const reader = createEventReader(
    {
      push(event) {
        events.push(event);
        return event.data.startsWith('token');
      },
      finish: () => {
        throw new Error('the stream is judged elsewhere');
      },
    },
    () => {
      tokens += 1;
    },
  );
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) reader.write(bytes.subarray(from, from + size));
  reader.end();
  return { events, tokens };
}

const STREAM = [
  ': a comment\n\n',
  'data: token é 🦜\n\n',
  'event: delta\r\ndata: token two\r\n\r\n',
  'event: ping\ndata: {}\n\n',
  'data: in\ndata: two lines\n\n',
  'id: 7\nretry: 10\n\n',
  'data: last',
].join('');

describe('bare JSON between the events', () => {
  const error = '{\n  "error": {\n    "code": 503\n  }\n}\n';

  test.each([1, 7, 1000])('counts as the last event when it is an error, in pieces of %i bytes', (size) => {
    const { events, tokens } = read(`data: token\n\n${error}`, size);
    expect(events.map(({ data }) => data)).toEqual(['token', error]);
    expect(events[1]?.event).toBeNull();
    expect(tokens).toBe(1);
  });

  test.each(['{"ping": 1}', 'hello', '{"error": {"code": 503}', ''])('does not count otherwise: %s', (text) => {
    const { events } = read(`data: token\n\n${text}\n\n`, 1000);
    expect(events).toEqual([{ event: null, data: 'token' }]);
  });
});

describe('a stream of events', () => {
  test.each([1, 2, 3, 5, 1000])('is read the same in pieces of %i bytes', (size) => {
    expect(read(STREAM, size)).toEqual({
      events: [
        { event: null, data: 'token é 🦜' },
        { event: 'delta', data: 'token two' },
        { event: 'ping', data: '{}' },
        { event: null, data: 'in\ntwo lines' },
        { event: null, data: 'last' },
      ],
      tokens: 2,
    });
  });
});
