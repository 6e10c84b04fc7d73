/** Checks what each family's rules read from an answer, and from an event of a stream. */

import { describe, expect, it } from 'vitest';
import { ANTHROPIC_MESSAGES } from '../../../lib/probe/adapters/anthropic-messages.ts';
import { BEDROCK_CONVERSE } from '../../../lib/probe/adapters/bedrock-converse.ts';
import { COHERE } from '../../../lib/probe/adapters/cohere.ts';
import { GEMINI } from '../../../lib/probe/adapters/gemini.ts';
import { OPENAI_CHAT } from '../../../lib/probe/adapters/openai-chat.ts';
import { countOf, type FamilyRules, NOTHING_READ, type Reading, sumOf } from '../../../lib/probe/adapters/reading.ts';
import { configOf } from './config.ts';

type Row = [what: string, body: Record<string, unknown>, read: Partial<Reading> | null];

function describeFamily(name: string, rules: FamilyRules, rows: { answers: Row[]; events: Row[] }): void {
  describe(`${name}:`, () => {
    it.each(rows.answers)('an answer with %s', (_, body, read) => {
      expect(rules.readAnswer(body)).toEqual(read && { ...NOTHING_READ, ...read });
    });

    it.each(rows.events)('an event with %s', (_, body, read) => {
      expect(rules.readEvent(body)).toEqual({ ...NOTHING_READ, ...read });
    });
  });
}

const MESSAGE = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'ok' }] };
const CLAUDE_USAGE = { usage: { input_tokens: 3, output_tokens: 4 } };

describeFamily('messages of Anthropic', ANTHROPIC_MESSAGES, {
  answers: [
    ['a text', MESSAGE, { hasTokens: true }],
    [
      'all figures',
      { ...MESSAGE, ...CLAUDE_USAGE, stop_reason: 'end_turn', model: 'm', id: 'i' },
      { hasTokens: true, finishReason: 'end_turn', inputTokens: 3, outputTokens: 4, model: 'm', requestId: 'i' },
    ],
    ['two ids', { ...MESSAGE, request_id: 'r', id: 'i' }, { hasTokens: true, requestId: 'r' }],
    ['no content', { ...MESSAGE, content: [] }, { hasTokens: false }],
    ['another type', { ...MESSAGE, type: 'completion' }, null],
    ['another role', { ...MESSAGE, role: 'user' }, null],
    ['a text for content', { ...MESSAGE, content: 'ok' }, null],
  ],
  events: [
    [
      'the start of a message',
      { type: 'message_start', message: { ...CLAUDE_USAGE, model: 'm', id: 'i', content: [] } },
      { inputTokens: 3, outputTokens: 4, model: 'm', requestId: 'i' },
    ],
    ['text', { type: 'content_block_delta', delta: { text: 'o' } }, { hasTokens: true }],
    ['thinking', { type: 'content_block_delta', delta: { thinking: 'o' } }, { hasTokens: true }],
    ['the input of a tool', { type: 'content_block_delta', delta: { partial_json: '{' } }, { hasTokens: true }],
    ['a signature', { type: 'content_block_delta', delta: { signature: 'x' } }, {}],
    [
      'the end of a message',
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } },
      { finishReason: 'end_turn', outputTokens: 4 },
    ],
    ['the end of the stream', { type: 'message_stop' }, { isEnd: true }],
    ['a ping', { type: 'ping', delta: { text: 'o' } }, {}],
  ],
});

const CONVERSED = { output: { message: { content: [{ text: 'ok' }] } }, stopReason: 'end_turn' };
const BEDROCK_USAGE = { usage: { inputTokens: 3, outputTokens: 4 } };

describeFamily('Converse of Bedrock', BEDROCK_CONVERSE, {
  answers: [
    ['a text', CONVERSED, { hasTokens: true, finishReason: 'end_turn' }],
    [
      'usage',
      { ...CONVERSED, ...BEDROCK_USAGE },
      { hasTokens: true, finishReason: 'end_turn', inputTokens: 3, outputTokens: 4 },
    ],
    ['no content', { ...CONVERSED, output: { message: { content: [] } } }, { finishReason: 'end_turn' }],
    ['no list of content', { ...CONVERSED, output: { message: {} } }, null],
    ['no reason for its end', { output: CONVERSED.output }, null],
  ],
  events: [
    ['text', { contentBlockDelta: { delta: { text: 'o' } } }, { hasTokens: true }],
    ['the start of a block', { contentBlockStart: { start: {} } }, {}],
    ['the end of the message', { messageStop: { stopReason: 'end_turn' } }, { finishReason: 'end_turn' }],
    ['usage at the end', { metadata: BEDROCK_USAGE }, { isEnd: true, inputTokens: 3, outputTokens: 4 }],
  ],
});

const SAID = { message: { role: 'assistant', content: [{ text: 'ok' }] }, finish_reason: 'COMPLETE' };
const COHERE_USAGE = { usage: { tokens: { input_tokens: 3, output_tokens: 4 } } };

describeFamily('chat of Cohere', COHERE, {
  answers: [
    ['a text', SAID, { hasTokens: true, finishReason: 'COMPLETE' }],
    [
      'a call of a tool',
      { ...SAID, message: { role: 'assistant', tool_calls: [{}] } },
      { hasTokens: true, finishReason: 'COMPLETE' },
    ],
    [
      'nothing but figures',
      { ...SAID, ...COHERE_USAGE, message: { role: 'assistant', content: [] }, id: 'i' },
      { finishReason: 'COMPLETE', inputTokens: 3, outputTokens: 4, requestId: 'i' },
    ],
    ['another role', { ...SAID, message: { ...SAID.message, role: 'user' } }, null],
    ['no message', { finish_reason: 'COMPLETE' }, null],
    ['no reason for its end', { message: SAID.message }, null],
  ],
  events: [
    ['the start of a message', { type: 'message-start', id: 'i' }, { requestId: 'i' }],
    ['text', { type: 'content-delta', delta: { message: { content: { text: 'o' } } } }, { hasTokens: true }],
    ['thinking', { type: 'content-delta', delta: { message: { content: { thinking: 'o' } } } }, { hasTokens: true }],
    ['no text', { type: 'content-delta', delta: { message: { content: {} } } }, {}],
    ['the plan of a tool', { type: 'tool-plan-delta' }, { hasTokens: true }],
    ['the call of a tool', { type: 'tool-call-start' }, { hasTokens: true }],
    ['the input of a tool', { type: 'tool-call-delta' }, { hasTokens: true }],
    [
      'the end of a message',
      { type: 'message-end', delta: { finish_reason: 'COMPLETE', ...COHERE_USAGE } },
      { isEnd: true, finishReason: 'COMPLETE', inputTokens: 3, outputTokens: 4 },
    ],
    ['the start of content', { type: 'content-start', id: 'i' }, {}],
  ],
});

const candidate = (parts: unknown, fields = {}) => ({ candidates: [{ content: { parts }, ...fields }] });
const GEMINI_ROWS: Row[] = [
  ['a text', candidate([{ text: 'ok' }]), { hasTokens: true }],
  ['a call of a function', candidate([{ functionCall: {} }]), { hasTokens: true }],
  ['parts of which one is a text', candidate([{}, { text: 'ok' }]), { hasTokens: true }],
  ['parts without a text', candidate([{}]), {}],
  ['no parts', candidate(undefined), {}],
  ['its end', candidate([], { finishReason: 'STOP' }), { finishReason: 'STOP', isEnd: true }],
  ['a blocked prompt', { promptFeedback: { blockReason: 'SAFETY' } }, { finishReason: 'SAFETY', isEnd: true }],
  [
    'figures',
    {
      ...candidate([]),
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, thoughtsTokenCount: 5 },
      modelVersion: 'm',
      responseId: 'i',
    },
    { inputTokens: 3, outputTokens: 9, model: 'm', requestId: 'i' },
  ],
];

describeFamily('generated content of Google', GEMINI, {
  answers: [...GEMINI_ROWS, ['no candidate', { candidates: [] }, null]],
  events: [...GEMINI_ROWS, ['figures alone', { usageMetadata: { candidatesTokenCount: 4 } }, { outputTokens: 4 }]],
});

const said = (message: unknown, fields = {}) => ({ choices: [{ message, ...fields }] });
const delta = (fields: object) => ({ choices: [{ delta: fields }] });
const ANYTHING = ['content', 'reasoning_content', 'reasoning', 'refusal'];

describeFamily('chat completions of OpenAI', OPENAI_CHAT, {
  answers: [
    ['a text', said({ role: 'assistant', content: 'ok' }), { hasTokens: true }],
    ['no role', said({ content: 'ok' }), { hasTokens: true }],
    ['another role', said({ role: 'user', content: 'ok' }), null],
    ['no message', said('ok'), null],
    [
      'figures',
      {
        ...said({}, { finish_reason: 'stop' }),
        usage: { prompt_tokens: 3, completion_tokens: 4 },
        model: 'm',
        id: 'i',
      },
      { finishReason: 'stop', inputTokens: 3, outputTokens: 4, model: 'm', requestId: 'i' },
    ],
    ['two ids', { ...said({}), request_id: 'r', id: 'i' }, { requestId: 'r' }],
    ...[
      ['error', 'error'],
      ['network_error', 'network_error'],
      ['an_error', 'stop'],
      ['errors', 'stop'],
      [null, 'stop'],
    ].map(
      ([native_finish_reason, finishReason]): Row => [
        `${native_finish_reason} behind a gateway that says stop`,
        said({}, { finish_reason: 'stop', native_finish_reason }),
        { finishReason },
      ],
    ),
  ],
  events: [
    ...ANYTHING.map((field): Row => [field, delta({ [field]: 'o' }), { hasTokens: true }]),
    ['content in chunks', delta({ content: [{}] }), { hasTokens: true }],
    ['calls of tools', delta({ tool_calls: [{}] }), { hasTokens: true }],
    ['the call of a function', delta({ function_call: {} }), { hasTokens: true }],
    ['nothing said', delta({ content: '', tool_calls: [], refusal: null, function_call: null }), {}],
    ['no choice', { choices: [] }, {}],
  ],
});

it('an answer that is cut before its first token proves that the model ran, with status 400 only', () => {
  const body =
    '{"error":{"message":"Could not finish the message because max_tokens or model output limit was reached."}}';
  expect(OPENAI_CHAT.provesGeneration?.(400, body)).toBe(true);
  expect(OPENAI_CHAT.provesGeneration?.(500, body)).toBe(false);
  expect(OPENAI_CHAT.provesGeneration?.(400, '{"error":{"message":"no"}}')).toBe(false);
});

it('a cap of no tokens is one of one token at Anthropic, since none would prove nothing', () => {
  const capOf = (cap: number) => ANTHROPIC_MESSAGES.body(configOf('claude'), 'max_tokens', cap).max_tokens;
  expect([0, 1, 9].map(capOf)).toEqual([1, 1, 9]);
});

it('a model that came to its natural end is known by the word of each family', () => {
  const ends = [ANTHROPIC_MESSAGES, BEDROCK_CONVERSE, COHERE, GEMINI].map(({ naturalEnds }) => naturalEnds);
  expect(ends).toEqual([['end_turn'], ['end_turn'], ['COMPLETE'], []]);
});

it.each([
  [0, 0],
  [9_999_999, 9_999_999],
  [10_000_000, null],
  [-1, null],
  [1.5, null],
  ['7', null],
])('a count of %j is taken for %j', (value, count) => {
  expect(countOf(value)).toBe(count);
});

it.each([
  [3, 4, 7],
  [3, null, 3],
  [null, 4, 4],
  [null, 'x', null],
])('the sum of the counts %j and %j is %j', (one, other, sum) => {
  expect(sumOf(one, other)).toBe(sum);
});
