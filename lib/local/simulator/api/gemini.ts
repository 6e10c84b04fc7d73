/** The API `generateContent` of Google Gemini. */

import * as z from 'zod';
import type { Failure } from '../behaviour.ts';
import {
  type AnswerContext,
  type Completion,
  type FailureContext,
  firstMistake,
  json,
  PROMPT_TOKENS,
  refused,
  reply,
  type SimulatedApi,
  STREAM_HEADERS,
  sse,
} from './api.ts';

const Body = z.looseObject({
  contents: z
    .array(z.looseObject({ role: z.enum(['user', 'model']).optional(), parts: z.array(z.looseObject({})).min(1) }))
    .min(1),
  generationConfig: z.looseObject({ maxOutputTokens: z.int().min(1).optional() }).optional(),
});

const GENERATE = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

interface GeminiError {
  code: number;
  status: string;
  message: string;
  details?: (context: FailureContext) => unknown[];
}

/** Gemini has no `retry-after` header: the details contain the wait and the limit. */
const ERRORS: Readonly<Record<Failure, GeminiError>> = {
  auth: {
    // Google answers a wrong key with 400, not 401.
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'API key not valid. Please pass a valid API key.',
    details: () => [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'API_KEY_INVALID',
        domain: 'googleapis.com',
        metadata: { service: 'generativelanguage.googleapis.com' },
      },
    ],
  },
  quota: {
    code: 402,
    status: 'RESOURCE_EXHAUSTED',
    message: 'Your prepaid credit is used up.',
    details: () => [quotaFailure('GenerateRequestsPerDayPerProjectPerModel')],
  },
  rate_limited: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: 'You exceeded your current quota, please check your plan and billing details.',
    details: ({ retryAfterSeconds }) => [
      quotaFailure('GenerateRequestsPerMinutePerProjectPerModel'),
      ...(retryAfterSeconds === null
        ? []
        : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` }]),
    ],
  },
  overloaded: { code: 503, status: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' },
  server_error: { code: 500, status: 'INTERNAL', message: 'An internal error has occurred.' },
  model_not_found: { code: 404, status: 'NOT_FOUND', message: 'The model is not found for API version v1beta.' },
  bad_request: { code: 400, status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
};

export const geminiApi: SimulatedApi = {
  keyOf: (request) => request.headers['x-goog-api-key'] ?? null,

  read(request, models) {
    if (request.method === 'GET' && request.path === '/v1beta/models') return { asks: 'models' };
    const [, model, method] = (request.method === 'POST' ? GENERATE.exec(request.path) : null) ?? [];
    if (model === undefined) return refused('model_not_found', 'Requested entity was not found.');
    const body = Body.safeParse(request.body);
    if (!body.success) return refused('bad_request', firstMistake(body.error));
    if (!models.includes(model))
      return refused('model_not_found', `models/${model} is not found for API version v1beta.`);
    if ((body.data.contents.at(-1)?.role ?? 'user') !== 'user') {
      return refused('bad_request', 'Please ensure that multiturn requests end with a user role.');
    }
    const stream = method === 'streamGenerateContent';
    // Without alt=sse the real API streams a JSON array, which the prober does not support.
    if (stream && request.query.get('alt') !== 'sse') return refused('bad_request', 'alt: expected sse');
    const maxTokens = body.data.generationConfig?.maxOutputTokens ?? null;
    return { asks: 'completion', model, stream, maxTokens, includeUsage: true };
  },

  completion(asked, context) {
    const { text, finished } = reply(asked.maxTokens);
    return json(200, chunk(asked, context, text, finished ? 'STOP' : 'MAX_TOKENS'));
  },

  stream(asked, context) {
    const { text, finished } = reply(asked.maxTokens);
    return {
      headers: STREAM_HEADERS,
      opening: '',
      token: sse(chunk(asked, context, text, null)),
      // The last chunk has only the finish reason. There is no end marker.
      closing: sse(chunk(asked, context, '', finished ? 'STOP' : 'MAX_TOKENS')),
    };
  },

  models(models) {
    const list = models.map((id) => ({
      name: `models/${id}`,
      version: '001',
      displayName: id,
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: ['generateContent', 'countTokens'],
    }));
    return json(200, { models: list });
  },

  failure(failure, context) {
    const { code, status, message, details } = ERRORS[failure];
    const error = {
      code,
      message: context.reason ?? message,
      status,
      ...(details === undefined || context.reason !== null ? {} : { details: details(context) }),
    };
    return json(code, { error });
  },
};

function chunk(asked: Completion, context: AnswerContext, text: string, finishReason: string | null) {
  const { tokens } = reply(asked.maxTokens);
  return {
    candidates: [
      {
        content: { parts: [{ text }], role: 'model' },
        ...(finishReason === null ? {} : { finishReason }),
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: PROMPT_TOKENS,
      candidatesTokenCount: tokens,
      totalTokenCount: PROMPT_TOKENS + tokens,
    },
    modelVersion: asked.model,
    responseId: context.id,
  };
}

function quotaFailure(quotaId: string) {
  return {
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [{ quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests', quotaId }],
  };
}
