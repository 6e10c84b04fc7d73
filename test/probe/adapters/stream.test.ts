import { describe, expect, it } from 'vitest';
import type { StreamEvent, Verdict } from '../../../lib/probe/adapters/adapter.ts';
import { adapterFor } from '../../../lib/probe/adapters/registry.ts';
import { RECEIVED_AT } from '../../support/answers/answer.ts';
import { configOf } from './config.ts';

const delta = (said: object, fields: object = {}) => JSON.stringify({ choices: [{ delta: said }], ...fields });
const ROLE = delta({ role: 'assistant' });
const TOKEN = delta({ content: 'o' });
const END = '{"choices":[{"delta":{},"finish_reason":"length"}]}';
const EVENTS = [TOKEN, TOKEN, END, '[DONE]'];

type Head = { statusCode?: number; headers?: Record<string, string> };

function streamed(events: readonly (string | StreamEvent)[], { statusCode = 200, headers = {} }: Head = {}) {
  const judge = adapterFor('mistral').streamJudge(configOf('mistral', { maxTokens: 9 }));
  const carried = events.map((event) => judge.push(typeof event === 'string' ? { event: null, data: event } : event));
  const verdict: Verdict = judge.finish({ statusCode, headers, receivedAt: RECEIVED_AT });
  return { carried, verdict };
}

const judged = (events: readonly (string | StreamEvent)[], head: Head = {}) => streamed(events, head).verdict;

describe('a stream', () => {
  it('that does not count its tokens is counted by its events, and by the cap when it shows none', () => {
    expect(judged(EVENTS)).toMatchObject({ tokens: { input: 12, output: 2, estimated: true } });
    expect(judged(EVENTS.slice(2))).toMatchObject({ tokens: { input: 12, output: 9, estimated: true } });
  });

  it('P5: with another status than 200 is none', () => {
    expect(judged(EVENTS, { statusCode: 503 })).toMatchObject({ category: 'overloaded' });
    expect(judged(EVENTS, { statusCode: 206 })).toMatchObject({
      category: 'invalid_response',
      errorMessage: 'expected an event stream of a chat completion, got HTTP 206: an empty body',
    });
  });

  it.each([
    ['its end marker alone', [TOKEN, '[DONE]']],
    ['its end marker with blanks', [TOKEN, ' [DONE]\n']],
    ['a finish reason alone', [TOKEN, END]],
  ])('is healthy with %s', (_, events) => {
    expect(judged(events)).toMatchObject({ isHealthy: true });
  });

  it('is healthy with the end of its family, though without a reason for it', () => {
    const claude = adapterFor('claude').streamJudge(configOf('claude'));
    claude.push({ event: null, data: '{"type":"content_block_delta","delta":{"text":"ok"}}' });
    claude.push({ event: null, data: '{"type":"message_stop"}' });
    expect(claude.finish({ statusCode: 200, headers: {}, receivedAt: RECEIVED_AT })).toMatchObject({ isHealthy: true });
  });

  it('that goes on after its end is judged by what came before', () => {
    const after = ['{"error":{"code":"server_is_overloaded"}}', TOKEN];
    const { carried, verdict } = streamed([...EVENTS, ...after]);
    expect(carried).toEqual([true, true, false, false, false, false]);
    expect(verdict).toMatchObject({ isHealthy: true, tokens: { output: 2 } });
  });

  it.each<[string, (string | StreamEvent)[], string]>([
    ['has none', [], 'no event at all'],
    ['has empty ones', ['', ''], 'no event at all'],
    ['stops', ['', ROLE, TOKEN], 'one that ended without its end marker after 2 events'],
    ['has one that is no JSON', [TOKEN, 'hello', END], 'an event that is no JSON object: hello'],
    ['has a list', [TOKEN, '[1]', '[DONE]'], 'an event that is no JSON object: [1]'],
    ['has no token', [ROLE, '[DONE]'], 'one without a token (finish reason none)'],
  ])('whose events are wrong says how: it %s', (_, events, got) => {
    const { carried, verdict } = streamed(events);
    const expected = got.startsWith('one without') ? 'a chat completion' : 'an event stream of a chat completion';
    expect(verdict).toMatchObject({
      category: 'invalid_response',
      errorMessage: `expected ${expected}, got ${got}`,
    });
    expect(carried).toEqual(events.map((event) => event === TOKEN));
  });

  it.each<[string, string | StreamEvent]>([
    ['as an error', '{"error":{"code":"server_is_overloaded","message":"busy"}}'],
    ['by its name', { event: 'error', data: '{"code":"server_is_overloaded","message":"busy"}' }],
  ])('with an event that is one %s fails by it, and by nothing after it', (_, event) => {
    const { carried, verdict } = streamed([TOKEN, event, TOKEN, 'hello', '[DONE]']);
    expect(carried).toEqual([true, false, false, false, false]);
    expect(verdict).toMatchObject({
      category: 'overloaded',
      errorMessage: 'HTTP 200 server_is_overloaded: busy',
    });
  });

  it('is known by the id in its header, else in its events', () => {
    const events = [delta({ content: 'o' }, { id: 'first id' }), delta({}, { id: 'second\n' }), '[DONE]'];
    expect(judged(events)).toMatchObject({ requestId: 'second' });
    expect(judged(events, { headers: { 'x-request-id': 'third' } })).toMatchObject({ requestId: 'third' });
    expect(judged(['hello'], { headers: { 'x-request-id': 'third' } })).toMatchObject({ requestId: 'third' });
  });

  it('has its latest figures, and keeps what later events leave out', () => {
    const usage = (prompt: number, completion: number) => ({
      usage: { prompt_tokens: prompt, completion_tokens: completion },
    });
    const events = [
      delta({ content: 'o' }, { model: 'another', ...usage(3, 1) }),
      delta({}, usage(4, 2)),
      END,
      ROLE,
      '[DONE]',
    ];
    expect(judged(events)).toMatchObject({
      isHealthy: true,
      tokens: { input: 4, output: 2, estimated: false },
      warning: expect.stringContaining('answered by another'),
    });
  });
});
