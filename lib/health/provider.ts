/**
 * What a monitored provider is. Reading providers.json into this shape is left to lib/config; what a type means on the
 * wire (adapter, base URL, default model) to lib/probe.
 */

/** Every provider type that can be written in providers.json. */
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

/** `completion` asks for 1–2 tokens; `stream` the same, streamed; `models` lists models: free, but proves only the key, if that. */
export const PROBE_KINDS = ['completion', 'stream', 'models'] as const;

export type ProbeKind = (typeof PROBE_KINDS)[number];

/** A planned pause: no alerts, not counted as downtime. */
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

/** How a provider is asked with tokens that end, in place of a key: what is shown to the token endpoint. Secrets are references. */
export type TokenAuth =
  | {
      type: 'google-service-account';
      /** Reference to the JSON of the key. */
      key: string;
      tokenUrl: string;
    }
  | {
      type: 'entra-client';
      clientId: string;
      /** Reference. */
      clientSecret: string;
      scope: string;
      tokenUrl: string;
    };

/** One monitored endpoint and model, with every default applied. */
export interface ProviderConfig {
  /** Unique; `^[a-z0-9][a-z0-9-]{0,62}$`. Default: the type. */
  id: string;
  type: ProviderType;
  /** Model or deployment that the probe asks for. Default: that of the type. */
  model: string;
  /** Without a trailing slash. Default: that of the type. */
  baseUrl: string;
  /** Reference to the key (`env:NAME`, `ssm:/name`, `secret:name#field`), never a key; null where the endpoint needs none. */
  apiKey: string | null;
  /** Null: no token is asked for. Not beside `apiKey`. */
  auth: TokenAuth | null;
  /** Extra request headers. */
  headers: Readonly<Record<string, string>>;
  /** Extra fields of the request body; a null removes a field that the type would send. */
  body: Readonly<Record<string, unknown>>;
  /** Output cap of the probe in tokens; null: the type's (1 or 16). */
  maxTokens: number | null;
  /** Time between two scheduled checks. Default 60. */
  intervalSeconds: number;
  /** Total deadline of one probe. Default 10. */
  timeoutSeconds: number;
  /** With `probe: "stream"`, deadline of the first token; null: none of its own. */
  firstTokenTimeoutSeconds: number | null;
  /** The response time that earns half of the routing score's speed part. Default 1000. */
  targetResponseMs: number;
  /**
   * 3 of the last 5 checks slower than this make it `degraded`; null: slower than max(1000 ms, 3 × its own usual).
   */
  degradedAboveMs: number | null;
  /** With `probe: "stream"`, the same for the first token; null: no such rule. */
  degradedFirstTokenAboveMs: number | null;
  /** Default `completion`. */
  probe: ProbeKind;
  /** With this set, only one scheduled check in this many seconds costs tokens, the others list models; null: each does. */
  completionEverySeconds: number | null;
  /** Tokens a UTC day after which checks list models instead. Default 100 000. */
  maxTokensPerDay: number;
  /** Failed checks in a row that blacklist. Default 3. */
  blacklistAfter: number;
  /** Good checks in a row that end a blacklisting. Default 2. */
  recoveryThreshold: number;
  tags: readonly string[];
  /** A disabled provider is neither probed nor selected. Default true. */
  enabled: boolean;
  maintenance: readonly MaintenanceWindow[];
}

/** The settings of a provider that the state rules and the status need. */
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

/** What a provider's id looks like: safe in keys, URLs and metric labels as it is. */
export const PROVIDER_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Whether a text may be a provider's id. */
export function isProviderId(text: string): boolean {
  return PROVIDER_ID.test(text);
}
