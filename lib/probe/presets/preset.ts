/** The shape of what is known about a provider type. The facts themselves are in presets.ts. */

export type Family = 'openai-chat' | 'anthropic-messages' | 'gemini' | 'cohere' | 'bedrock-converse';

/**
 * Which header carries the key. `anthropic`: `x-api-key`, but a bearer where only that is understood (AWS, OAuth
 * tokens). `vertex`: a bearer for a project's URL, `x-goog-api-key` in express mode.
 */
export type AuthStyle = 'bearer' | 'api-key' | 'x-goog-api-key' | 'anthropic' | 'vertex';

/** Fields that some models of a provider need and others refuse. */
export interface ModelFields {
  model: RegExp;
  fields: Readonly<Record<string, unknown>>;
}

export interface ModelList {
  /** Below the base URL, query included. */
  path: string;
  /** Where the answer has its list: a field, or the answer itself; `key` is no list but a description of the key. */
  shape: 'data' | 'models' | 'modelSummaries' | 'data-or-array' | 'key';
}

export interface Preset {
  family: Family;
  /** Null where it has to be given. */
  baseUrl: string | null;
  /** Null where it has to be given. */
  model: string | null;
  auth: AuthStyle;
  /** Whether a provider of this type without a key is a mistake. */
  keyRequired: boolean;
  /** Path of the generating call without its verb, `{model}` in it where the model is part of the URL. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** Name of the field that caps the answer, as its family nests it. */
  tokenField: 'max_tokens' | 'max_completion_tokens' | 'maxOutputTokens' | 'maxTokens';
  /** 16 where a smaller cap is refused by the provider or by what may stand behind it; else 1. */
  maxTokens: 1 | 16;
  /** The first that fits the model is sent; none where none fits, since an unknown field can be a 400. */
  modelFields: readonly ModelFields[];
  /** Whether a stream reports its token use when `stream_options` asks for it. */
  streamOptions: boolean;
  /** What the `models` probe asks; null where nothing free and documented is there. */
  models: ModelList | null;
  /** Whether `model` is a name of the operator's own, so that the answer's model may well be another. */
  modelIsAlias: boolean;
}
