/**
 * The chat completions of OpenAI and of compatible APIs. These differ in the name of the token limit, in the field for
 * reasoning, and in their errors.
 */

import * as z from 'zod';
import type { Failure } from '../behaviour.ts';
import {
  type AnswerContext,
  type ApiAnswer,
  bearerKey,
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
import { OPENAI_ERRORS } from './openai-errors.ts';

export interface OpenaiDialect {
  cap: 'max_tokens' | 'max_completion_tokens';
  /**
   * Field with the reasoning of a model that always reasons. The reasoning uses up the token limit, so there is no
   * text. Null: the model does not reason.
   */
  thoughts: 'reasoning' | 'reasoning_content' | null;
  errors: Readonly<Record<Failure, (context: FailureContext) => ApiAnswer>>;
  /**
   * Whether the API has OpenAI's less common fields: `stream_options` in requests; `refusal`, `system_fingerprint`,
   * `logprobs` and the details of the usage in answers. An API without them refuses `stream_options`, and always sends
   * the usage in the last chunk of a stream.
   */
  allFields: boolean;
  headers(context: AnswerContext): Record<string, string>;
}

const Body = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).min(1),
  max_tokens: z.int().min(1).optional(),
  max_completion_tokens: z.int().min(1).optional(),
  stream: z.boolean().optional(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).optional(),
});

export const OPENAI: OpenaiDialect = {
  cap: 'max_completion_tokens',
  thoughts: null,
  errors: OPENAI_ERRORS,
  allFields: true,
  headers: ({ id }) => ({
    'x-request-id': `req_${id}`,
    'openai-version': '2020-10-01',
    'openai-processing-ms': '87',
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-reset-requests': '6ms',
  }),
};

export function openaiApi(dialect: OpenaiDialect = OPENAI): SimulatedApi {
  return {
    keyOf: bearerKey,

    read(request, models) {
      if (request.method === 'GET' && request.path === '/models') return { asks: 'models' };
      if (request.method !== 'POST' || request.path !== '/chat/completions') {
        return refused('bad_request', `Invalid URL (${request.method} ${request.path})`);
      }
      const body = Body.safeParse(request.body);
      if (!body.success) return refused('bad_request', firstMistake(body.error));
      const { model, messages, stream = false, stream_options } = body.data;
      if (messages.at(-1)?.role !== 'user') return refused('bad_request', "The last message must have role 'user'.");
      if (!models.includes(model)) return refused('model_not_found', `The model \`${model}\` does not exist`);
      const wrongCap = dialect.cap === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
      if (body.data[wrongCap] !== undefined) {
        const reason = `Unsupported parameter: '${wrongCap}' is not supported with this model. Use '${dialect.cap}' instead.`;
        return refused('bad_request', reason);
      }
      if (!dialect.allFields && stream_options !== undefined) {
        return refused('bad_request', 'stream_options: Extra inputs are not permitted');
      }
      const maxTokens = body.data[dialect.cap] ?? null;
      const includeUsage = stream_options?.include_usage ?? false;
      return { asks: 'completion', model, stream, maxTokens, includeUsage };
    },

    completion(asked, context) {
      const { text, finishReason, usage } = said(asked, dialect);
      const message = { role: 'assistant', content: '', ...text, ...extra(dialect, { refusal: null }) };
      const choice = { index: 0, message, ...extra(dialect, { logprobs: null }), finish_reason: finishReason };
      const body = {
        ...head('chat.completion', asked, context),
        ...extra(dialect, FINGERPRINT),
        choices: [choice],
        usage,
      };
      return json(200, body, dialect.headers(context));
    },

    stream(asked, context) {
      const { text, finishReason, usage } = said(asked, dialect);
      const chunk = (choices: unknown[], fields: object) =>
        sse({
          ...head('chat.completion.chunk', asked, context),
          ...extra(dialect, FINGERPRINT),
          choices,
          ...fields,
        });
      const choice = (delta: object, finish: string | null) => [
        { index: 0, delta, ...extra(dialect, { logprobs: null }), finish_reason: finish },
      ];
      // With `include_usage`, every chunk has `usage: null`, and an additional last chunk without choices has the
      // usage.
      const noUsage = asked.includeUsage ? { usage: null } : {};
      const role = { role: 'assistant', content: '', ...extra(dialect, { refusal: null }) };
      return {
        headers: { ...STREAM_HEADERS, ...dialect.headers(context) },
        opening: chunk(choice(role, null), noUsage),
        token: chunk(choice(text, null), noUsage),
        closing:
          chunk(choice({}, finishReason), dialect.allFields ? noUsage : { usage }) +
          (asked.includeUsage ? chunk([], { usage }) : '') +
          sse('[DONE]'),
      };
    },

    models(models, context) {
      const data = models.map((id) => ({ id, object: 'model', created: 1_780_000_000, owned_by: 'system' }));
      return json(200, { object: 'list', data }, dialect.headers(context));
    },

    failure(failure, context) {
      const answer = dialect.errors[failure](context);
      return { ...answer, headers: { ...dialect.headers(context), ...answer.headers } };
    },
  };
}

const THOUGHT = 'We need to reply';
const FINGERPRINT = { system_fingerprint: 'fp_simulated' };

function extra<T extends object>(dialect: OpenaiDialect, fields: T): T | Record<string, never> {
  return dialect.allFields ? fields : {};
}

function head(object: string, asked: Completion, context: AnswerContext) {
  const created = Math.floor(context.now.getTime() / 1000);
  return { id: `chatcmpl-${context.id}`, object, created, model: asked.model };
}

function said(asked: Completion, dialect: OpenaiDialect) {
  const { text, tokens, finished } = reply(asked.maxTokens);
  const thinks = dialect.thoughts !== null;
  const used = thinks ? (asked.maxTokens ?? tokens) : tokens;
  return {
    text: dialect.thoughts === null ? { content: text } : { [dialect.thoughts]: THOUGHT },
    finishReason: finished && !thinks ? 'stop' : 'length',
    usage: {
      prompt_tokens: PROMPT_TOKENS,
      completion_tokens: used,
      total_tokens: PROMPT_TOKENS + used,
      ...extra(dialect, { completion_tokens_details: { reasoning_tokens: thinks ? used : 0 } }),
    },
  };
}
