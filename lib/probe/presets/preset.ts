/** The shape of the facts about a provider type. The facts are in presets.ts. */

export type Family = 'openai-chat' | 'anthropic-messages' | 'gemini' | 'cohere' | 'bedrock-converse';

/**
 * Which header contains the key. `anthropic`: `x-api-key`, but a bearer token for AWS and OAuth tokens. `vertex`: a
 * bearer token for a project's URL, `x-goog-api-key` in express mode.
 */
export type AuthStyle = 'bearer' | 'api-key' | 'x-goog-api-key' | 'anthropic' | 'vertex';

/** Fields that some models of a provider need and others refuse. */
export interface ModelFields {
  model: RegExp;
  fields: Readonly<Record<string, unknown>>;
}

export interface ModelList {
  /** Path below the base URL, with its query. */
  path: string;
  /**
   * Where the answer contains the list: in a field, or the answer itself. `key`: the answer describes the key and has
   * no list.
   */
  shape: 'data' | 'models' | 'modelSummaries' | 'data-or-array' | 'key';
}

export interface Preset {
  family: Family;
  /** Null: the configuration must give it. */
  baseUrl: string | null;
  /** Null: the configuration must give it. */
  model: string | null;
  auth: AuthStyle;
  /** Whether a provider of this type without a key is a mistake. */
  keyRequired: boolean;
  /** Path of the generating call without its verb. `{model}` stands for the model, where the URL contains it. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** Name of the field that limits the answer's tokens. The family decides where it is nested. */
  tokenField: 'max_tokens' | 'max_completion_tokens' | 'maxOutputTokens' | 'maxTokens';
  /** 16 where the provider, or a provider behind it, refuses a smaller limit; else 1. */
  maxTokens: 1 | 16;
  /**
   * The fields of the first match for the model are sent. Without a match none are sent, since an unknown field can
   * cause a 400.
   */
  modelFields: readonly ModelFields[];
  /** Whether `stream_options` makes a stream report its tokens. */
  streamOptions: boolean;
  /** The request of the `models` probe; null: no free and documented request exists. */
  models: ModelList | null;
  /** Whether `model` is the operator's own name, so that the answer may name another model. */
  modelIsAlias: boolean;
}
