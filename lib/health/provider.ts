/**
 * The configuration of a monitored provider. lib/config parses providers.json into this shape. lib/probe has the adapter, the
 * base URL and the default model of each type.
 */

/** The provider types that providers.json may contain. */
export const PROVIDER_TYPES = [
  'openai',
  'claude',
  'glm',
  'gemini',
  'cohere',
  'bedrock',
  'vertex',
  'azure',
  'bedrock-openai',
  'mistral',
  'groq',
  'deepseek',
  'xai',
  'openrouter',
  'together',
  'fireworks',
  'perplexity',
  'kimi',
  'qwen',
  'minimax',
  'cerebras',
  'sambanova',
  'nvidia',
  'huggingface',
  'deepinfra',
  'ollama',
  'vllm',
  'lmstudio',
  'litellm',
  'openai-compatible',
  'anthropic-compatible',
] as const;

export type ProviderType = (typeof PROVIDER_TYPES)[number];

/**
 * `completion`: asks for one or two tokens. `stream`: the same, as a stream. `models`: lists the models, which is free, but
 * proves at most that the key works.
 */
export const PROBE_KINDS = ['completion', 'stream', 'models'] as const;

export type ProbeKind = (typeof PROBE_KINDS)[number];

/** A planned pause: checks do not count as downtime, and no alert is sent. */
export interface MaintenanceWindow {
  /** When it starts: five cron fields (minute hour day-of-month month day-of-week). */
  cron: string;
  /** IANA time zone of `cron`. Default `UTC`. */
  timeZone: string;
  /** Length in minutes, 1 to 10 080. */
  durationMinutes: number;
}

/** Kinds of credentials that a token endpoint gives tokens for. */
export const TOKEN_AUTH_TYPES = ['google-service-account', 'entra-client'] as const;

/** The credential for the token endpoint of a provider that takes access tokens instead of a key. Secrets are references. */
export type TokenAuth =
  | {
      type: 'google-service-account';
      /** Reference to the JSON file of the service account's key. */
      key: string;
      tokenUrl: string;
    }
  | {
      type: 'entra-client';
      clientId: string;
      /** Reference to the client's secret. */
      clientSecret: string;
      scope: string;
      tokenUrl: string;
    };

/** One monitored endpoint and model, with every default applied. */
export interface ProviderConfig {
  /** Unique; `^[a-z0-9][a-z0-9-]{0,62}$`. Default: the type. */
  id: string;
  type: ProviderType;
  /** The model or deployment that the probe asks for. Default: that of the type. */
  model: string;
  /** The API's address without a slash at the end. Default: that of the type. */
  baseUrl: string;
  /** Reference to the key (`env:NAME`, `ssm:/name`, `secret:name#field`), never a key; null when the endpoint needs no key. */
  apiKey: string | null;
  /** Credential for access tokens, in place of `apiKey`; null: no access token is used. */
  auth: TokenAuth | null;
  /** Extra request headers. */
  headers: Readonly<Record<string, string>>;
  /** Extra fields of the request body. The value null removes a field that the type would send. */
  body: Readonly<Record<string, unknown>>;
  /** The most output tokens that the probe asks for; null: the type's default (1 or 16). */
  maxTokens: number | null;
  /** Time between two scheduled checks. Default 60. */
  intervalSeconds: number;
  /** Deadline for the whole of one probe. Default 10. */
  timeoutSeconds: number;
  /** With `probe: "stream"`: the deadline for the first token; null: only `timeoutSeconds` applies. */
  firstTokenTimeoutSeconds: number | null;
  /** At this response time a provider gets half of the speed part of the routing score. Default 1000. */
  targetResponseMs: number;
  /**
   * The provider is `degraded` when 3 of the last 5 checks were slower than this; null: slower than the larger of 1000 ms and
   * 3 × its usual response time.
   */
  degradedAboveMs: number | null;
  /** With `probe: "stream"`: the same for the first token; null: no such rule. */
  degradedFirstTokenAboveMs: number | null;
  /** Default `completion`. */
  probe: ProbeKind;
  /** Only one scheduled check in this many seconds uses tokens, the others list models; null: every check uses tokens. */
  completionEverySeconds: number | null;
  /** After this many tokens in a UTC day, checks list models instead. Default 100 000. */
  maxTokensPerDay: number;
  /** This many failed checks in a row blacklist the provider. Default 3. */
  blacklistAfter: number;
  /** A blacklisted provider needs this many good checks in a row to recover. Default 2. */
  recoveryThreshold: number;
  tags: readonly string[];
  /** A disabled provider is neither probed nor selected. Default true. */
  enabled: boolean;
  maintenance: readonly MaintenanceWindow[];
}

/** The settings that a status contains, or that the rules for states need. */
export type ProviderPolicy = Pick<
  ProviderConfig,
  | 'id'
  | 'type'
  | 'model'
  | 'tags'
  | 'enabled'
  | 'intervalSeconds'
  | 'targetResponseMs'
  | 'degradedAboveMs'
  | 'degradedFirstTokenAboveMs'
  | 'probe'
  | 'maxTokensPerDay'
  | 'blacklistAfter'
  | 'recoveryThreshold'
>;

/** The form of a provider's id. It needs no escaping in table keys, URLs and metric labels. */
export const PROVIDER_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Whether a text may be a provider's id. */
export function isProviderId(text: string): boolean {
  return PROVIDER_ID.test(text);
}
