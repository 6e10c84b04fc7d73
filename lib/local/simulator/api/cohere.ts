/** The Chat API v2 of Cohere. */

import * as z from 'zod';
import type { Failure } from '../behaviour.ts';
import {
  type AnswerContext,
  bearerKey,
  firstMistake,
  json,
  PROMPT_TOKENS,
  refused,
  reply,
  retryAfter,
  type SimulatedApi,
  STREAM_HEADERS,
  sse,
} from './api.ts';

const Body = z.looseObject({
  model: z.string(),
  messages: z
    .array(z.looseObject({ role: z.enum(['user', 'assistant', 'system', 'tool']), content: z.unknown() }))
    .min(1),
  max_tokens: z.int().min(1).optional(),
  stream: z.boolean().optional(),
});

const ERRORS: Readonly<Record<Failure, { statusCode: number; message: string }>> = {
  auth: { statusCode: 401, message: 'invalid api token' },
  quota: { statusCode: 402, message: 'Please add a payment method or reach out to sales to upgrade your account.' },
  rate_limited: {
    statusCode: 429,
    message: 'You are using a Trial key, which is limited to 20 API calls / minute. You can wait and try again.',
  },
  overloaded: { statusCode: 503, message: 'The service is currently unavailable.' },
  server_error: { statusCode: 500, message: 'internal server error, this has been reported to our developers.' },
  model_not_found: { statusCode: 404, message: 'model not found, make sure the correct model ID was used' },
  bad_request: { statusCode: 400, message: 'invalid request' },
};

export const cohereApi: SimulatedApi = {
  keyOf: bearerKey,

  read(request, models) {
    if (request.method === 'GET' && request.path === '/v1/models') return { asks: 'models' };
    if (request.method !== 'POST' || request.path !== '/v2/chat') {
      return refused('model_not_found', `path not found: ${request.path}`);
    }
    const body = Body.safeParse(request.body);
    if (!body.success) return refused('bad_request', `invalid request: ${firstMistake(body.error)}`);
    const { model, messages, max_tokens: maxTokens = null, stream = false } = body.data;
    if (!models.includes(model)) {
      return refused('model_not_found', `model '${model}' not found, make sure the correct model ID was used`);
    }
    if (messages.at(-1)?.role !== 'user') return refused('bad_request', 'the last message must be from the user');
    return { asks: 'completion', model, stream, maxTokens, includeUsage: true };
  },

  completion(asked, context) {
    const { text, tokens, finished } = reply(asked.maxTokens);
    const body = {
      id: context.id,
      finish_reason: finished ? 'COMPLETE' : 'MAX_TOKENS',
      message: { role: 'assistant', content: [{ type: 'text', text }] },
      usage: usage(tokens),
    };
    return json(200, body, headers(context));
  },

  stream(asked, context) {
    const { text, tokens, finished } = reply(asked.maxTokens);
    const event = (type: string, fields: object) => sse({ type, ...fields }, type);
    const delta = { finish_reason: finished ? 'COMPLETE' : 'MAX_TOKENS', usage: usage(tokens) };
    return {
      headers: { ...STREAM_HEADERS, ...headers(context) },
      opening:
        event('message-start', {
          id: context.id,
          delta: { message: { role: 'assistant', content: [], tool_plan: '' } },
        }) + event('content-start', { index: 0, delta: { message: { content: { type: 'text', text: '' } } } }),
      token: event('content-delta', { index: 0, delta: { message: { content: { text } } } }),
      closing: event('content-end', { index: 0 }) + event('message-end', { id: context.id, delta }) + sse('[DONE]'),
    };
  },

  models(models, context) {
    const list = models.map((name) => ({
      name,
      is_deprecated: false,
      endpoints: ['chat'],
      finetuned: false,
      context_length: 132_000,
      default_endpoints: [],
    }));
    return json(200, { models: list }, headers(context));
  },

  failure(failure, context) {
    const { statusCode, message } = ERRORS[failure];
    const body = { id: context.id, message: context.reason ?? message };
    return json(statusCode, body, { ...headers(context), ...retryAfter(context) });
  },
};

function usage(outputTokens: number) {
  const tokens = { input_tokens: PROMPT_TOKENS, output_tokens: outputTokens };
  return { billed_units: tokens, tokens };
}

function headers(context: AnswerContext): Record<string, string> {
  return { 'x-debug-trace-id': context.id };
}
