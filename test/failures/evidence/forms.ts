/** Codes that no row names: they are recognised by their parts. */

import type { Category } from '../../../lib/health/category.ts';
import type { ProviderType } from '../../../lib/health/provider.ts';
import { type Evidence, error, says } from './evidence.ts';

/** Under a status that would mean something else. */
const CODES: readonly (readonly [ProviderType, number, Category, readonly string[]])[] = [
  [
    'openai',
    429,
    'quota',
    [
      'credit_balance_exhausted',
      'billing_not_active',
      'billing_hard_limit_reached',
      'organization_spend_limit_exceeded',
    ],
  ],
  ['openai', 400, 'quota', ['project_spend_limit_exceeded', 'organization_usage_limit_exceeded']],
  ['qwen', 400, 'quota', ['PrepaidBillOverdue', 'PostpaidBillOverdue', 'CommodityNotPurchased', 'FreeTierOnly']],
  ['claude', 429, 'quota', ['enforced_spend_limit_reached']],
  ['gemini', 403, 'quota', ['BILLING_DISABLED']],
  ['openai-compatible', 403, 'quota', ['insufficient_funds', 'INSUFFICIENT_CREDITS', 'no_credits', 'out_of_credits']],
  ['openai-compatible', 429, 'quota', ['MONTHLY_LIMIT_EXCEEDED', 'weekly_quota_exceeded', 'API_KEY_QUOTA_EXHAUSTED']],
  ['openai', 400, 'auth', ['account_deactivated', 'mismatched_project', 'invalid_organization']],
  ['bedrock', 400, 'auth', ['ExpiredTokenException', 'UnrecognizedClientException', 'InvalidSignatureException']],
  ['gemini', 400, 'auth', ['API_KEY_SERVICE_BLOCKED', 'API_KEY_HTTP_REFERRER_BLOCKED', 'ACCESS_TOKEN_EXPIRED']],
  ['cerebras', 400, 'auth', ['wrong_api_key']],
  ['openai-compatible', 400, 'auth', ['unauthorized', 'AccessDenied', 'permission_denied', 'NotAuthorizedException']],
  ['openai-compatible', 400, 'rate_limited', ['Throttling.BurstRate', 'RateLimited', 'concurrency_limit_reached']],
  ['groq', 400, 'auth', ['model_permission_blocked_org', 'model_permission_blocked_project', 'model_terms_required']],
  ['litellm', 400, 'auth', ['team_model_access_denied', 'expired_key', 'token_not_found_in_db']],
  [
    'openai-compatible',
    400,
    'model_not_found',
    ['model_deprecated', 'unsupported_model', 'MODEL_NOT_FOUND', 'no_such_model'],
  ],
  ['openai-compatible', 503, 'model_not_found', ['model_retired', 'model_not_active', 'model_does_not_exist']],
  ['azure', 400, 'model_not_found', ['DeploymentModelDeprecated', 'ServiceModelDeprecated', 'unavailable_model']],
  ['openai-compatible', 404, 'model_not_found', ['ModelNotOpen', 'InvalidEndpointOrModel.NotFound']],
  ['azure', 429, 'overloaded', ['EngineOverloaded', 'NoCapacity']],
  ['groq', 400, 'overloaded', ['over_capacity', 'capacity_exceeded']],
  [
    'openai-compatible',
    429,
    'overloaded',
    ['provider_overloaded', 'server_busy', 'model_busy', 'insufficient_capacity', 'provider_unavailable'],
  ],
  ['openai', 500, 'bad_request', ['content_policy_violation']],
  ['qwen', 500, 'bad_request', ['data_inspection_failed']],
  ['openai-compatible', 500, 'bad_request', ['sensitive_words_detected']],
];

export const FORMED: readonly (Evidence & { code: string; category: Category })[] = CODES.flatMap(
  ([type, status, category, codes]) =>
    codes.map((code) => ({ ...says(type, status, error('(words)', null, code)), code, category })),
);
