/** The errors of OpenAI, and of compatible APIs with other shapes of errors. */

import type { Failure } from '../behaviour.ts';
import { type ApiAnswer, type FailureContext, json, retryAfter } from './api.ts';

type Errors = Readonly<Record<Failure, (context: FailureContext) => ApiAnswer>>;

/** `{"error":{"message","type","param","code"}}`, which most of the family shares. */
function openaiError(statusCode: number, type: string, code: string | null, message: string) {
  return (context: FailureContext): ApiAnswer => {
    const error = { message: context.reason ?? message, type, param: null, code };
    return json(statusCode, { error }, retryAfter(context));
  };
}

export const OPENAI_ERRORS: Errors = {
  auth: openaiError(401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'),
  quota: openaiError(
    429,
    'insufficient_quota',
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ),
  rate_limited: openaiError(429, 'requests', 'rate_limit_exceeded', 'Rate limit reached on requests per min (RPM).'),
  overloaded: openaiError(
    503,
    'service_unavailable_error',
    'server_is_overloaded',
    'The server is currently overloaded with other requests.',
  ),
  server_error: openaiError(500, 'server_error', null, 'The server had an error while processing your request.'),
  model_not_found: openaiError(404, 'invalid_request_error', 'model_not_found', 'The model does not exist.'),
  bad_request: openaiError(400, 'invalid_request_error', null, 'Invalid request.'),
};

/** Flat: `{"object":"error",…}`. Mistakes in a body come as `{"detail":[…]}`. */
export const MISTRAL_ERRORS: Errors = {
  auth: ({ reason }) => json(401, { detail: reason ?? 'Unauthorized' }),
  quota: mistralError(402, 'payment_required', '1402', 'Payment required'),
  rate_limited: mistralError(429, 'rate_limited', '1300', 'Rate limit exceeded'),
  overloaded: mistralError(503, 'service_unavailable', '3505', 'Service tier capacity exceeded for this model.'),
  server_error: mistralError(500, 'internal_server_error', '1000', 'Internal server error'),
  model_not_found: mistralError(404, 'invalid_model', '1500', 'Invalid model'),
  bad_request: ({ reason }) =>
    json(422, { detail: [{ type: 'value_error', loc: ['body'], msg: reason ?? 'Value error', input: null }] }),
};

function mistralError(statusCode: number, type: string, code: string, message: string) {
  return (context: FailureContext): ApiAnswer => {
    const body = { object: 'error', message: context.reason ?? message, type, param: null, code };
    return json(statusCode, body, retryAfter(context));
  };
}

/** `error.code` is the HTTP status as a number. */
export const OPENROUTER_ERRORS: Errors = {
  auth: openrouterError(401, 'User not found.'),
  quota: openrouterError(402, 'Insufficient credits. Add more using https://openrouter.ai/credits'),
  rate_limited: openrouterError(429, 'Rate limit exceeded'),
  overloaded: openrouterError(529, 'Provider returned error'),
  server_error: openrouterError(502, 'Provider returned error'),
  model_not_found: openrouterError(404, 'No endpoints found for this model.'),
  bad_request: openrouterError(400, 'Invalid request parameters'),
};

function openrouterError(code: number, message: string) {
  return (context: FailureContext): ApiAnswer =>
    json(code, { error: { code, message: context.reason ?? message } }, retryAfter(context));
}

/** `{"code":"…","error":"text"}`, the flattest of xAI's three shapes. A wrong key gets 400. */
export const XAI_ERRORS: Errors = {
  auth: xaiError(400, 'Client specified an invalid argument', 'Incorrect API key provided.'),
  quota: xaiError(
    403,
    'The caller does not have permission to execute the specified operation',
    'Your team has used all available credits or reached its monthly spending limit.',
  ),
  rate_limited: xaiError(429, 'Some resource has been exhausted', 'Too many requests for team. Please slow down.'),
  overloaded: xaiError(
    503,
    'The service is currently unavailable',
    'Service temporarily unavailable. The model is at capacity.',
  ),
  server_error: xaiError(500, 'Internal error', 'Internal error.'),
  model_not_found: xaiError(404, 'Some requested entity was not found', 'The model does not exist.'),
  bad_request: xaiError(400, 'Client specified an invalid argument', 'Invalid request content.'),
};

function xaiError(statusCode: number, code: string, message: string) {
  return (context: FailureContext): ApiAnswer =>
    json(statusCode, { code, error: context.reason ?? message }, retryAfter(context));
}

/** `{"error":{"code":"1113","message"}}`: the code is a string of digits and says more than the HTTP status. */
export const GLM_ERRORS: Errors = {
  auth: glmError(401, '1002', 'Authorization Token is invalid, please confirm that it was passed correctly.'),
  quota: glmError(429, '1113', 'Insufficient balance or no resource package. Please recharge.'),
  rate_limited: glmError(429, '1302', 'High concurrency usage of this API, please reduce concurrency.'),
  overloaded: glmError(429, '1305', 'The model is currently busy, please try again later.'),
  server_error: glmError(500, '1234', 'Network error, please contact customer service.'),
  model_not_found: glmError(400, '1211', 'Unknown Model, please check the model code.'),
  bad_request: glmError(400, '1210', 'API call parameters are incorrect.'),
};

function glmError(statusCode: number, code: string, message: string) {
  return (context: FailureContext): ApiAnswer =>
    json(statusCode, { error: { code, message: context.reason ?? message } }, retryAfter(context));
}
