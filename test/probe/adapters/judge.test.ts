import { describe, expect, it } from 'vitest';
import type { ProviderType } from '../../../lib/health/provider.ts';
import type { ProbeAnswer, Verdict } from '../../../lib/probe/adapters/adapter.ts';
import { adapterFor } from '../../../lib/probe/adapters/registry.ts';
import { RECORDED } from '../../support/answers/all.ts';
import { RECEIVED_AT } from '../../support/answers/answer.ts';
import { configOf } from './config.ts';

function answerOf(body: string, over: Partial<ProbeAnswer> = {}): ProbeAnswer {
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body, receivedAt: RECEIVED_AT, ...over };
}

function judge(type: ProviderType, body: string, over: Partial<ProbeAnswer> = {}): Verdict {
  return adapterFor(type).judge(answerOf(body, over), configOf(type), 'completion');
}

/** One type of each family. */
const TYPES = ['openai', 'claude', 'gemini', 'cohere', 'bedrock'] as const satisfies readonly ProviderType[];

const GENUINE = TYPES.map((type) => {
  const recorded = RECORDED.find((one) => one.type === type && one.name === 'a genuine answer');
  return [type, recorded?.body ?? ''] as const;
});

describe('P5: healthy needs status 200 and a genuine answer of that API', () => {
  it.each(GENUINE)('%s: its own answer is one', (type, body) => {
    expect(judge(type, body).isHealthy).toBe(true);
  });

  it.each(
    TYPES.flatMap((type) => GENUINE.filter(([other]) => other !== type).map(([other, body]) => [type, other, body])),
  )('%s: the answer of %s is none', (type, _, body) => {
    expect(judge(type as ProviderType, body as string)).toMatchObject({ category: 'invalid_response' });
  });

  it.each(GENUINE.flatMap(([type, body]) => [201, 202, 204, 206].map((status) => [type, status, body] as const)))(
    '%s: an answer with %i is none',
    (type, statusCode, body) => {
      expect(judge(type, body, { statusCode })).toMatchObject({ category: 'invalid_response' });
    },
  );

  const WRONG = [
    ['an empty body', ''],
    ['blanks', '\n\n'],
    ['a bare null', 'null'],
    ['a bare number', '1'],
    ['an empty array', '[]'],
    ['an empty object', '{}'],
    ['HTML', '<!DOCTYPE html><html><head><title>Sign in</title></head></html>'],
    ['plain text', 'ok'],
    ['an error object', '{"error":{"message":"boom"}}'],
    ['an error text', '{"error":"boom"}'],
    ['empty choices', '{"choices":[],"content":[],"candidates":[]}'],
    ['an empty choice', '{"choices":[{}],"type":"message","candidates":[{}],"message":{}}'],
    ['a choice of null', '{"choices":[null],"content":[null],"candidates":[null],"output":null,"message":null}'],
    ['inherited names', '{"choices":{"0":{"message":{}}},"__proto__":{"choices":[]}}'],
  ] as const;
  it.each(TYPES.flatMap((type) => WRONG.map(([what, body]) => [type, what, body] as const)))(
    '%s: %s is none',
    (type, _, body) => {
      expect(judge(type, body)).toMatchObject({ isHealthy: false, category: 'invalid_response', fault: 'provider' });
    },
  );

  it.each(GENUINE)('%s: a truncated answer is none', (type, body) => {
    for (let length = 0; length < body.length; length += 7) {
      expect(judge(type, body.slice(0, length))).toMatchObject({ category: 'invalid_response' });
    }
  });

  it.each(GENUINE)('%s: a genuine answer beside an error is none', (type, body) => {
    const spoiled = JSON.stringify({ ...JSON.parse(body), error: { message: 'boom' } });
    expect(judge(type, spoiled).isHealthy).toBe(false);
  });

  it.each(GENUINE)('%s: an answer that calls itself HTML is none', (type, body) => {
    expect(judge(type, body, { headers: { 'content-type': 'text/html; charset=utf-8' } }).isHealthy).toBe(false);
  });

  it.each(GENUINE)('%s: an answer that calls itself HTML in other letters is none', (type, body) => {
    expect(judge(type, body, { headers: { 'content-type': ' TEXT/HTML' } }).isHealthy).toBe(false);
  });

  it('a natural end without a token is none, unless tokens were counted', () => {
    const ended = (completion_tokens: number, finish_reason = 'stop') =>
      judge(
        'openai',
        JSON.stringify({
          choices: [{ message: { role: 'assistant', content: '' }, finish_reason }],
          usage: { prompt_tokens: 3, completion_tokens },
        }),
      );
    expect(ended(5)).toMatchObject({ isHealthy: true, tokens: { input: 3, output: 5, estimated: false } });
    expect(ended(0, 'eos').isHealthy).toBe(false);
    expect(ended(0, 'length').isHealthy).toBe(true);
    expect(ended(0)).toMatchObject({
      category: 'invalid_response',
      errorMessage: 'expected a chat completion, got one without a token (finish reason stop)',
    });
  });

  it.each(GENUINE)('%s: JSON without a content type, or as plain text, is one', (type, body) => {
    expect(judge(type, body, { headers: {} }).isHealthy).toBe(true);
    expect(judge(type, body, { headers: { 'content-type': 'text/plain' } }).isHealthy).toBe(true);
  });
});

describe('a message', () => {
  it('says what was expected and what came', () => {
    expect(judge('openai', '<html><head><title>Sign in</title></head></html>')).toMatchObject({
      errorMessage: 'expected a chat completion, got HTTP 200: an HTML page "Sign in"',
    });
    expect(judge('claude', '')).toMatchObject({ errorMessage: 'expected a message, got HTTP 200: an empty body' });
    expect(judge('bedrock', '{}')).toMatchObject({
      errorMessage: "expected a conversation's output, got HTTP 200: {}",
    });
    expect(judge('cohere', '{}')).toMatchObject({ errorMessage: 'expected a chat answer, got HTTP 200: {}' });
    expect(judge('gemini', '{"data":1}')).toMatchObject({
      errorMessage: 'expected generated content, got HTTP 200: {"data":1}',
    });
  });
});

describe('figures that a provider makes up', () => {
  it.each([-1, 1.5, 1e300, '7', null, {}])('usage of %j is estimated instead', (value) => {
    const body = JSON.stringify({
      choices: [{ message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: value, completion_tokens: value },
    });
    expect(judge('openai', body)).toMatchObject({ tokens: { input: 12, output: 16, estimated: true } });
  });

  it.each([
    [{ prompt_tokens: 3 }, { input: 3, output: 16, estimated: true }],
    [{ completion_tokens: 4 }, { input: 12, output: 4, estimated: true }],
  ])('of usage with only %j the rest is estimated', (usage, tokens) => {
    const message = { role: 'assistant', content: 'ok' };
    expect(judge('openai', JSON.stringify({ choices: [{ message }], usage }))).toMatchObject({ tokens });
  });

  it('an id of a request is cut at 128 characters and printable', () => {
    const headers = { 'x-request-id': `a\u0000b\u202e${'c'.repeat(200)}` };
    expect(judge('openai', '{}', { headers }).requestId).toBe(`ab${'c'.repeat(126)}`);
  });
});
