/** Companies of Asia, gateways, and servers that people run themselves. */

import { error, says } from './evidence.ts';

const minimax = (code: number) => says('minimax', 200, { base_resp: { status_code: code, status_msg: '(words)' } });
const cloudflare = (code: number) =>
  says('openai-compatible', 400, { success: false, errors: [{ code, message: '(words)' }] });
const raw = (text: string, more: object = {}) =>
  says('openrouter', 400, {
    error: { message: 'Provider returned error', code: 400, metadata: { raw: text, ...more } },
  });

export const OTHER_EVIDENCE = [
  says('openai-compatible', 400, error('Insufficient balance or no resource package. Please recharge.')),
  says('openai-compatible', 429, error('Usage limit reached for 5 hour. Your limit will reset later')),
  says('kimi', 429, { error: { type: 'rate_limit_reached_error', message: 'reached max TPD rate limit' } }),
  says('kimi', 403, { error: { type: 'access_terminated_error', message: 'You have reached your usage limit' } }),
  says('kimi', 403, { error: { type: 'access_terminated_error', message: 'the limit of this billing cycle' } }),
  says('kimi', 403, { error: { type: 'access_terminated_error', message: '(words)' } }),
  says('qwen', 403, error('The free tier of the model has been exhausted.')),
  says('qwen', 400, error('Access denied, please make sure your account is in good standing.')),
  says('qwen', 403, error('(words)', null, 'AccessDenied.Unpurchased')),
  says('openai-compatible', 429, error('Allocated quota exceeded', 'insufficient_quota', 'insufficient_quota')),
  says('qwen', 503, error('(words)', null, 'ModelUnavailable')),
  ...[1000, 1001, 1002, 1004, 1008, 1013, 1026, 1027, 1033, 1039, 1041, 2013, 2045, 2049, 2056, 2061, 2064].map(
    minimax,
  ),
  says('deepseek', 400, error('Model Not Exist', 'invalid_request_error', 'invalid_request_error')),
  says('openai-compatible', 429, error('(words)', null, 'SetLimitExceeded')),

  says('openrouter', 403, error('prohibited due to a violation of provider Terms Of Service', null, 403)),
  says('openrouter', 403, error('m requires moderation on p: flagged', null, 403)),
  raw('(words)', { limit_source: 'upstream_provider_shared_pool' }),
  says('openrouter', 400, error('(words)', 'provider_unavailable')),
  says('litellm', 400, error('ExceededBudget: User=u over its budget')),
  says('litellm', 400, error('Team=t over budget')),
  says('litellm', 400, error('LLM Provider NOT provided. Pass in the LLM provider')),
  says('litellm', 400, error('Authentication Error, Invalid proxy server token passed')),
  says('litellm', 500, error('litellm.APIError: APIError: OpenAIException - The api_key client option must be set')),
  says('litellm', 401, error('Team not allowed to access model. This team can only access models=[m]')),
  says('litellm', 429, error('no healthy deployment available')),
  says('litellm', 400, error('litellm.ContentPolicyViolationError: OpenAIException - (words)')),
  says('openai-compatible', 403, error('user quota is not enough', 'one_api_error')),
  says('openai-compatible', 403, error('token quota is not enough', 'one_api_error')),
  says('openai-compatible', 403, error('用户额度不足', 'new_api_error')),
  says('openai-compatible', 401, error('该令牌额度已用尽', 'new_api_error')),
  says('openai-compatible', 403, error('余额不足', 'new_api_error')),
  says('openai-compatible', 403, error('该令牌无权访问模型 m', 'new_api_error')),
  says('openai-compatible', 403, error('This token has no access to model m', 'new_api_error')),
  says('openai-compatible', 503, error('No available channel for model m under group default', 'new_api_error')),
  says('openai-compatible', 200, { error_code: 111, error_msg: 'Access token expired' }),
  says('openai-compatible', 200, { error_code: 336003, error_msg: 'message content can not be empty' }),
  ...[4006, 3036, 7000, 7003, 5007, 3040].map(cloudflare),
  says('openai-compatible', 429, error('you have used up your daily free allocation of 10,000 neurons')),
  says('openai-compatible', 403, error('Portkey Error: Usage limits exceeded')),
  says('openai-compatible', 412, error('portkey error: (words)')),

  says('ollama', 429, { error: 'you have reached your weekly usage limit' }),
  says('ollama', 429, { error: 'you have reached your hourly usage limit' }),
  says('ollama', 403, { error: 'this model requires a subscription, upgrade for access' }),
  says('lmstudio', 400, { error: 'Model unloaded.' }),
  says('lmstudio', 400, { error: 'The model has crashed without additional information.' }),
  says('lmstudio', 400, { error: 'Failed to load model' }),
  says('lmstudio', 400, { error: 'Model loading was stopped due to insufficient system resources.' }),
  says('openai-compatible', 503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }),
];
