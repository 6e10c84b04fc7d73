/**
 * What each provider's own words for a failure mean, as data: codes in the body, finish reasons, statuses that mean
 * something else there than usual. In which order they are looked up is failure.ts's.
 */

import type { Category } from '../../health/category.ts';

/** A failure that only its message tells. Kept to what has no code; a provider may change its wording any day. */
export interface MessageRule {
  statusCode: number;
  text: RegExp;
  category: Category;
}

export interface FailureTable {
  /** Codes, types and reasons of a body that beat the HTTP status. Numbers as text. */
  codes: Readonly<Record<string, Category>>;
  /** Words that only repeat the HTTP status; they decide where it says nothing: in a 200, and in a stream. */
  types: Readonly<Record<string, Category>>;
  /** Finish reasons of a 200 that are failures. */
  finishReasons: Readonly<Record<string, Category>>;
  /** HTTP statuses with another meaning than usual. */
  statuses: Readonly<Record<number, Category>>;
  messages: readonly MessageRule[];
  /** What a 429 without any hint when to come back means; null: an ordinary rate limit. */
  hintless429: Category | null;
}

/** The table with a provider's own rows over it. */
function extend(base: FailureTable, own: Partial<FailureTable>): FailureTable {
  return {
    codes: { ...base.codes, ...own.codes },
    types: { ...base.types, ...own.types },
    finishReasons: { ...base.finishReasons, ...own.finishReasons },
    statuses: { ...base.statuses, ...own.statuses },
    messages: [...(own.messages ?? []), ...base.messages],
    hintless429: own.hintless429 ?? base.hintless429,
  };
}

const NOTHING: FailureTable = {
  codes: {},
  types: {},
  finishReasons: {},
  statuses: {},
  messages: [],
  hintless429: null,
};

/** OpenAI's codes hold for the whole compatible family, whose servers copy them. */
export const OPENAI_FAILURES = extend(NOTHING, {
  codes: {
    invalid_api_key: 'auth',
    insufficient_quota: 'quota',
    credit_balance_exhausted: 'quota',
    organization_spend_limit_exceeded: 'quota',
    project_spend_limit_exceeded: 'quota',
    organization_usage_limit_exceeded: 'quota',
    rate_limit_exceeded: 'rate_limited',
    // It came with a 503 before it came with a 429; both mean that we grew too fast, not that they are down.
    slow_down: 'rate_limited',
    server_is_overloaded: 'overloaded',
    service_unavailable_error: 'overloaded',
    model_not_found: 'model_not_found',
  },
  types: {
    authentication_error: 'auth',
    permission_error: 'auth',
    rate_limit_error: 'rate_limited',
    invalid_request_error: 'bad_request',
    not_found_error: 'model_not_found',
    server_error: 'server_error',
    internal_error: 'server_error',
    internal_server_error: 'server_error',
    api_error: 'server_error',
    timeout: 'timeout',
  },
  finishReasons: { error: 'server_error', network_error: 'server_error' },
});

export const AZURE_FAILURES = extend(OPENAI_FAILURES, {
  codes: { DeploymentNotFound: 'model_not_found' },
  // Any other 404 is a wrong URL or API version.
  statuses: { 404: 'bad_request' },
  // The same 429 serves our limit and theirs.
  messages: [{ statusCode: 429, text: /high demand/i, category: 'overloaded' }],
});

export const GLM_FAILURES = extend(OPENAI_FAILURES, {
  codes: {
    ...codes('auth', 1000, 1001, 1002, 1003, 1004, 1110, 1111, 1112, 1121, 1220, 1311),
    ...codes('quota', 1113, 1304, 1308, 1309, 1310),
    ...codes('rate_limited', 1302, 1303, 1313),
    ...codes('overloaded', 1305, 1312),
    ...codes('model_not_found', 1211, 1221, 1222),
    ...codes('bad_request', 1210, 1212, 1213, 1214, 1215, 1231, 1261),
    // Content policy: the service is alive, our prompt displeased it.
    ...codes('bad_request', 1300, 1301),
    ...codes('server_error', 500, 1120, 1230, 1234),
  },
});

export const GROQ_FAILURES = extend(OPENAI_FAILURES, {
  codes: { capacity_exceeded: 'overloaded' },
  statuses: { 498: 'overloaded' },
});

export const DEEPSEEK_FAILURES = extend(OPENAI_FAILURES, {
  finishReasons: { insufficient_system_resource: 'overloaded' },
});

export const XAI_FAILURES = extend(OPENAI_FAILURES, {
  messages: [{ statusCode: 400, text: /(incorrect|invalid) api key/i, category: 'auth' }],
});

export const TOGETHER_FAILURES = extend(OPENAI_FAILURES, {
  // Prompt and cap are longer than the model's context.
  statuses: { 403: 'bad_request' },
});

export const FIREWORKS_FAILURES = extend(OPENAI_FAILURES, {
  // The account is suspended until its bill is paid.
  statuses: { 412: 'quota' },
});

export const KIMI_FAILURES = extend(OPENAI_FAILURES, {
  codes: {
    invalid_authentication_error: 'auth',
    incorrect_api_key_error: 'auth',
    permission_denied_error: 'auth',
    resource_not_found_error: 'model_not_found',
    exceeded_current_quota_error: 'quota',
    rate_limit_reached_error: 'rate_limited',
    engine_overloaded_error: 'overloaded',
    content_filter: 'bad_request',
    server_error: 'server_error',
  },
});

export const QWEN_FAILURES = extend(OPENAI_FAILURES, {
  codes: {
    Arrearage: 'quota',
    access_denied: 'auth',
    // Tokens a minute here, not money.
    insufficient_quota: 'rate_limited',
  },
});

export const MINIMAX_FAILURES = extend(OPENAI_FAILURES, {
  codes: {
    ...codes('server_error', 1000),
    ...codes('timeout', 1001),
    ...codes('rate_limited', 1002, 1039),
    ...codes('auth', 1004, 2049),
    ...codes('quota', 1008, 2056),
    // 1026 and 1027 are content policy: alive, but our prompt displeased it.
    ...codes('bad_request', 1026, 1027, 2013),
  },
});

export const SAMBANOVA_FAILURES = extend(OPENAI_FAILURES, {
  // Its queue is full.
  statuses: { 504: 'overloaded' },
});

export const LITELLM_FAILURES = extend(OPENAI_FAILURES, {
  codes: { budget_exceeded: 'quota' },
});

/** What every server of Anthropic's API says. */
export const ANTHROPIC_FAILURES = extend(NOTHING, {
  codes: {
    enforced_spend_limit_reached: 'quota',
    billing_error: 'quota',
    overloaded_error: 'overloaded',
    // Their upstream's timeout, an inference that failed; ours is a timeout without an answer.
    timeout_error: 'server_error',
  },
  types: {
    authentication_error: 'auth',
    permission_error: 'auth',
    rate_limit_error: 'rate_limited',
    not_found_error: 'model_not_found',
    invalid_request_error: 'bad_request',
    request_too_large: 'bad_request',
    api_error: 'server_error',
    conflict_error: 'server_error',
  },
  statuses: { 504: 'server_error' },
  messages: [{ statusCode: 400, text: /spend limit|credit balance/i, category: 'quota' }],
});

export const CLAUDE_FAILURES = extend(ANTHROPIC_FAILURES, {
  // Claude always says when a per-minute limit ends; where it does not, waiting does not help.
  hintless429: 'quota',
});

export const GEMINI_FAILURES = extend(NOTHING, {
  codes: {
    API_KEY_INVALID: 'auth',
    PerDay: 'quota',
    FAILED_PRECONDITION: 'quota',
  },
  types: {
    INVALID_ARGUMENT: 'bad_request',
    UNAUTHENTICATED: 'auth',
    PERMISSION_DENIED: 'auth',
    NOT_FOUND: 'model_not_found',
    RESOURCE_EXHAUSTED: 'rate_limited',
    UNAVAILABLE: 'overloaded',
    INTERNAL: 'server_error',
    DEADLINE_EXCEEDED: 'timeout',
  },
});

export const VERTEX_FAILURES = extend(GEMINI_FAILURES, {
  statuses: { 504: 'server_error' },
  // The same 429 serves our quota and their shared capacity.
  messages: [{ statusCode: 429, text: /try again later/i, category: 'overloaded' }],
});

export const COHERE_FAILURES = extend(NOTHING, {
  finishReasons: { ERROR: 'server_error', TIMEOUT: 'timeout' },
  statuses: { 498: 'server_error', 499: 'server_error', 504: 'server_error' },
  // A trial key's limit of a month, as opposed to the one of a minute.
  messages: [{ statusCode: 429, text: /(\/|per|a)\s*month/i, category: 'quota' }],
});

export const BEDROCK_FAILURES = extend(NOTHING, {
  codes: {
    AccessDeniedException: 'auth',
    FTUFormNotFilled: 'auth',
    ServiceQuotaExceededException: 'quota',
    ThrottlingException: 'rate_limited',
    ServiceUnavailableException: 'overloaded',
    ModelNotReadyException: 'overloaded',
    ResourceNotFoundException: 'model_not_found',
    ValidationException: 'bad_request',
    ModelErrorException: 'server_error',
    ModelTimeoutException: 'server_error',
    InternalServerException: 'server_error',
  },
  statuses: { 408: 'server_error' },
  messages: [{ statusCode: 400, text: /signature.{0,40}expired/i, category: 'auth' }],
});

function codes(category: Category, ...numbers: readonly number[]): Record<string, Category> {
  return Object.fromEntries(numbers.map((number) => [String(number), category]));
}
