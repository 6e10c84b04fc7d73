/** The Messages API of Anthropic Claude. */

import * as z from 'zod';
import type { Failure } from '../behaviour.ts';
import {
  type AnswerContext,
  bearerKey,
  type Completion,
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
  max_tokens: z.int().min(0),
  messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant']), content: z.unknown() })).min(1),
  stream: z.boolean().optional(),
});

/** Fields that the 5.x models refuse. */
const SAMPLING = ['temperature', 'top_p', 'top_k'];

const ERRORS: Readonly<Record<Failure, { statusCode: number; type: string; message: string }>> = {
  auth: { statusCode: 401, type: 'authentication_error', message: 'invalid x-api-key' },
  quota: { statusCode: 402, type: 'billing_error', message: 'There is a problem with your billing.' },
  rate_limited: {
    statusCode: 429,
    type: 'rate_limit_error',
    message: "This request would exceed your organization's rate limit of 50 requests per minute.",
  },
  overloaded: { statusCode: 529, type: 'overloaded_error', message: 'Overloaded' },
  server_error: { statusCode: 500, type: 'api_error', message: 'Internal server error' },
  model_not_found: { statusCode: 404, type: 'not_found_error', message: 'model: not found' },
  bad_request: { statusCode: 400, type: 'invalid_request_error', message: 'invalid request' },
};

export const claudeApi: SimulatedApi = {
  // The official client can send the key as a bearer token too.
  keyOf: (request) => request.headers['x-api-key'] ?? bearerKey(request),

  read(request, models) {
    if (request.headers['anthropic-version'] === undefined) {
      return refused('bad_request', 'anthropic-version: header is required');
    }
    if (request.method === 'GET' && request.path === '/v1/models') return { asks: 'models' };
    if (request.method !== 'POST' || request.path !== '/v1/messages') return refused('model_not_found', 'Not Found');
    const body = Body.safeParse(request.body);
    if (!body.success) return refused('bad_request', firstMistake(body.error));
    const { model, max_tokens: maxTokens, messages, stream = false } = body.data;
    if (!models.includes(model)) return refused('model_not_found', `model: ${model}`);
    if (messages.at(-1)?.role !== 'user') {
      return refused('bad_request', 'This model does not support assistant message prefill.');
    }
    const sampling = SAMPLING.find((name) => name in body.data);
    if (sampling !== undefined) return refused('bad_request', `${sampling}: not supported with this model`);
    return { asks: 'completion', model, stream, maxTokens, includeUsage: true };
  },

  completion(asked, context) {
    const { text, tokens, finished } = reply(asked.maxTokens);
    const body = {
      ...message(asked, context),
      content: [{ type: 'text', text }],
      stop_reason: finished ? 'end_turn' : 'max_tokens',
      usage: usage(tokens),
    };
    return json(200, body, headers(context));
  },

  stream(asked, context) {
    const { text, tokens, finished } = reply(asked.maxTokens);
    const event = (type: string, fields: object = {}) => sse({ type, ...fields }, type);
    return {
      headers: { ...STREAM_HEADERS, ...headers(context) },
      opening:
        event('message_start', {
          message: { ...message(asked, context), content: [], stop_reason: null, usage: usage(1) },
        }) +
        event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
        event('ping'),
      token: event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
      closing:
        event('content_block_stop', { index: 0 }) +
        event('message_delta', {
          delta: { stop_reason: finished ? 'end_turn' : 'max_tokens', stop_sequence: null },
          usage: { output_tokens: tokens },
        }) +
        event('message_stop'),
    };
  },

  models(models, context) {
    const data = models.map((id) => ({
      type: 'model',
      id,
      display_name: id,
      created_at: '2026-09-01T00:00:00Z',
    }));
    const body = { data, has_more: false, first_id: models[0] ?? null, last_id: models.at(-1) ?? null };
    return json(200, body, headers(context));
  },

  failure(failure, context) {
    const { statusCode, type, message: text } = ERRORS[failure];
    const body = {
      type: 'error',
      error: { type, message: context.reason ?? text },
      request_id: `req_${context.id}`,
    };
    return json(statusCode, body, { ...headers(context), ...retryAfter(context) });
  },
};

function message(asked: Completion, context: AnswerContext) {
  return { id: `msg_${context.id}`, type: 'message', role: 'assistant', model: asked.model, stop_sequence: null };
}

function usage(outputTokens: number) {
  return {
    input_tokens: PROMPT_TOKENS,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}

function headers(context: AnswerContext): Record<string, string> {
  return { 'request-id': `req_${context.id}`, 'anthropic-organization-id': 'simulated' };
}
