/** Checks which codes and names are read from a message. */

import { describe, expect, it } from 'vitest';
import { unwrap } from '../../lib/failures/unwrap.ts';

const codesOf = (message: string) => unwrap({ error: { message } }).flatMap(({ codes }) => codes);

describe('the status in a message', () => {
  it.each([
    ['Error code: 429 - try later', '~429'],
    ['Provider p returned 400: invalid params', '~400'],
    ['503: the key is not set', '~503'],
    ['429 Too Many Requests', '~429'],
    ['request failed with status 402 Payment Required', '~402'],
  ])('is read from %j', (message, status) => {
    expect(codesOf(message)).toContain(status);
  });

  it.each([
    '500 requests per day are the limit',
    '429 requests were sent',
    'after 503 Tokens',
    'Limit 400000, used 400',
    'returned 40000 tokens',
  ])('is not taken from %j', (message) => {
    expect(codesOf(message)).toEqual([]);
  });
});

describe('who wrote a message', () => {
  it.each([
    ['Error from provider (MiniMax): busy', 'minimax', 'busy'],
    ['Error from provider (Alibaba): over', 'qwen', 'over'],
    ['Upstream error from Nvidia: overloaded', 'nvidia', 'overloaded'],
    ['anthropic error: low', 'anthropic', 'low'],
    ['500: AzureException NotFoundError - gone', 'azure', 'gone'],
    ["OpenAIException - {'error': {'code': 'c', 'message': 'over'}}", 'openai', 'over'],
    ['litellm.APIError: APIError: Fireworks_aiException - suspended', 'fireworks', 'suspended'],
  ])('is read from %j', (message, writer, words) => {
    expect(unwrap({ error: { message } })).toContainEqual(expect.objectContaining({ writer, message: words }));
  });

  it('is read from a field beside the answer', () => {
    const layers = unwrap({ provider: 'deepinfra', error: { message: 'busy' } });
    expect(layers).toContainEqual(expect.objectContaining({ writer: 'deepinfra', upstream: 'deepinfra' }));
  });

  it.each([
    'the sum of errors from (MiniMax): busy',
    'All claude-3-5-sonnet error: busy',
    'Validation error: busy',
    'LLM upstream API error: busy',
  ])('is not taken from other words: %s', (message) => {
    const layers = unwrap({ error: { message } });
    expect(layers.map(({ upstream }) => upstream)).toEqual([null]);
  });
});

it('finds the error in the fault of an API gateway', () => {
  expect(unwrap({ fault: { faultstring: 'no proxy for this path' } })).toMatchObject([
    { message: 'no proxy for this path' },
  ]);
});

it('finds nothing in JSON that nests deeper than any answer', () => {
  const deep = `{"error":{"code":"c","details":${'['.repeat(200)}${']'.repeat(200)}}}`;
  expect(unwrap(deep).flatMap(({ codes }) => codes)).toEqual(['text']);
});

describe('an event of a stream', () => {
  it.each([
    'data: {"code":"Arrearage"}\n\n',
    'event: error\ndata: {"code":"Arrearage"}\n\n',
    'id:1\nevent:error\n:HTTP_STATUS/400\ndata:{"code":"Arrearage"}\n\n',
    ': keep-alive\n\ndata: {"code":"Arrearage"}\n\n',
  ])('is read from %j', (body) => {
    expect(unwrap(body).flatMap(({ codes }) => codes)).toEqual(['Arrearage']);
  });
});
