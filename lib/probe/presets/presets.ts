/**
 * The facts about each provider type: address, model, key header, exceptions. Not here: building requests and judging
 * answers (adapters/).
 */

import type { ProbeKind, ProviderConfig, ProviderType } from '../../health/provider.ts';
import type { ModelFields, Preset } from './preset.ts';

/** The common facts of most OpenAI-compatible APIs. */
const OPENAI_CHAT: Preset = {
  family: 'openai-chat',
  baseUrl: null,
  model: null,
  auth: 'bearer',
  keyRequired: true,
  path: '/chat/completions',
  headers: {},
  // Self-hosted servers often support only this name.
  tokenField: 'max_tokens',
  maxTokens: 1,
  modelFields: [],
  streamOptions: false,
  models: { path: '/models', shape: 'data' },
  modelIsAlias: false,
};

const ANTHROPIC_MESSAGES: Preset = {
  ...OPENAI_CHAT,
  family: 'anthropic-messages',
  auth: 'anthropic',
  path: '/v1/messages',
  headers: { 'anthropic-version': '2023-06-01' },
  // Only for these: models that always think refuse the field, and older ones do not think by default.
  modelFields: [{ model: /(haiku|sonnet)-5/, fields: { thinking: { type: 'disabled' } } }],
  models: { path: '/v1/models?limit=1', shape: 'data' },
};

const GEMINI: Preset = {
  ...OPENAI_CHAT,
  family: 'gemini',
  auth: 'x-goog-api-key',
  tokenField: 'maxOutputTokens',
  // Thinking counts against the token limit. Pro models always think. 2.5 has another switch than 3.
  modelFields: [
    { model: /pro/, fields: {} },
    { model: /gemini-2\.5-flash/, fields: { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } } },
    { model: /gemini-[3-9]/, fields: { generationConfig: { thinkingConfig: { thinkingLevel: 'MINIMAL' } } } },
  ],
};

/** gpt-oss always thinks. With low effort it thinks least. */
const GPT_OSS: ModelFields = { model: /gpt-oss/, fields: { reasoning_effort: 'low' } };

/** `none` exists since gpt-5.1. Earlier gpt-5 models support `minimal`. Models that do not reason refuse the field. */
const OPENAI_EFFORT: readonly ModelFields[] = [
  { model: /^gpt-(5\.[1-9]|[6-9])/, fields: { reasoning_effort: 'none' } },
  { model: /^gpt-5(-mini|-nano)?(-\d{4}-\d\d-\d\d)?$/, fields: { reasoning_effort: 'minimal' } },
];

export const PRESETS = {
  openai: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.openai.com/v1',
    model: 'gpt-6-luna',
    // Models that reason refuse `max_tokens`.
    tokenField: 'max_completion_tokens',
    // OpenAI answers 400 when reasoning uses up the limit.
    maxTokens: 16,
    modelFields: OPENAI_EFFORT,
    streamOptions: true,
  },
  claude: {
    ...ANTHROPIC_MESSAGES,
    baseUrl: 'https://api.anthropic.com',
    model: 'claude-haiku-5-5',
  },
  glm: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.z.ai/api/paas/v4',
    // Not a free model, since free ones never report an empty balance.
    model: 'glm-4.7-flashx',
    headers: { 'accept-language': 'en-US,en' },
    // Since 5.3, thinking cannot be switched off.
    modelFields: [
      { model: /^glm-(4\.[5-9]|5(\.[0-2])?(?![.\d]))/i, fields: { thinking: { type: 'disabled' } } },
      { model: /^glm-5\.3/i, fields: { reasoning_effort: 'low' } },
    ],
  },
  gemini: {
    ...GEMINI,
    baseUrl: 'https://generativelanguage.googleapis.com',
    model: 'gemini-3.5-flash-lite',
    path: '/v1beta/models/{model}',
    models: { path: '/v1beta/models?pageSize=1', shape: 'models' },
  },
  cohere: {
    ...OPENAI_CHAT,
    family: 'cohere',
    baseUrl: 'https://api.cohere.com',
    model: 'command-r7b-12-2024',
    path: '/v2/chat',
    modelFields: [{ model: /reasoning/, fields: { thinking: { type: 'disabled' } } }],
    models: { path: '/v1/models?page_size=1', shape: 'models' },
  },
  bedrock: {
    ...OPENAI_CHAT,
    family: 'bedrock-converse',
    model: 'amazon.nova-micro-v1:0',
    // Without a key, AWS credentials sign the requests.
    keyRequired: false,
    path: '/model/{model}/converse',
    tokenField: 'maxTokens',
    models: { path: '/foundation-models', shape: 'modelSummaries' },
  },
  vertex: {
    ...GEMINI,
    // Express mode, since only it works with a permanent key. A project's URL needs a token that expires after an hour.
    baseUrl: 'https://aiplatform.googleapis.com/v1/publishers/google',
    model: 'gemini-3.5-flash-lite',
    auth: 'vertex',
    path: '/models/{model}',
    models: null,
  },
  azure: {
    ...OPENAI_CHAT,
    auth: 'api-key',
    tokenField: 'max_completion_tokens',
    maxTokens: 16,
    modelIsAlias: true,
  },
  'bedrock-openai': {
    ...OPENAI_CHAT,
    model: 'openai.gpt-oss-20b-1:0',
    tokenField: 'max_completion_tokens',
    modelIsAlias: true,
  },
  mistral: { ...OPENAI_CHAT, baseUrl: 'https://api.mistral.ai/v1', model: 'ministral-3b-latest' },
  groq: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.groq.com/openai/v1',
    model: 'openai/gpt-oss-20b',
    tokenField: 'max_completion_tokens',
    modelFields: [GPT_OSS],
  },
  deepseek: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.deepseek.com',
    model: 'deepseek-v4-flash',
    modelFields: [{ model: /^/, fields: { thinking: { type: 'disabled' } } }],
  },
  xai: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.x.ai/v1',
    model: 'grok-4.3',
    tokenField: 'max_completion_tokens',
    modelFields: [{ model: /^grok-4\.3/, fields: { reasoning_effort: 'none' } }],
  },
  openrouter: {
    ...OPENAI_CHAT,
    baseUrl: 'https://openrouter.ai/api/v1',
    model: 'mistralai/mistral-nemo',
    tokenField: 'max_completion_tokens',
    // Some providers behind OpenRouter refuse a smaller limit.
    maxTokens: 16,
    // The list of models needs no key, so it would prove nothing.
    models: { path: '/key', shape: 'key' },
  },
  together: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.together.ai/v1',
    model: 'openai/gpt-oss-20b',
    models: { path: '/models', shape: 'data-or-array' },
  },
  fireworks: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    model: 'accounts/fireworks/models/gpt-oss-20b',
  },
  perplexity: { ...OPENAI_CHAT, baseUrl: 'https://api.perplexity.ai', model: 'sonar', models: null },
  kimi: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.moonshot.ai/v1',
    model: 'kimi-k2.6',
    tokenField: 'max_completion_tokens',
    // kimi-k3 and k2.7-code always think, and refuse this field.
    modelFields: [{ model: /^kimi-k2\.6/, fields: { thinking: { type: 'disabled' } } }],
  },
  qwen: {
    ...OPENAI_CHAT,
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    model: 'qwen-flash',
    // Open-weight models refuse requests with thinking unless they are streamed.
    modelFields: [{ model: /^/, fields: { enable_thinking: false } }],
  },
  minimax: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.minimax.io/v1',
    model: 'MiniMax-M2.7',
    tokenField: 'max_completion_tokens',
  },
  cerebras: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.cerebras.ai/v1',
    model: 'gpt-oss-120b',
    tokenField: 'max_completion_tokens',
    modelFields: [GPT_OSS, { model: /^zai-glm-4\.7/, fields: { reasoning_effort: 'none' } }],
  },
  sambanova: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.sambanova.ai/v1',
    model: 'Meta-Llama-3.3-70B-Instruct',
  },
  nvidia: {
    ...OPENAI_CHAT,
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    model: 'meta/llama-3.3-70b-instruct',
  },
  huggingface: { ...OPENAI_CHAT, baseUrl: 'https://router.huggingface.co/v1', model: 'openai/gpt-oss-20b' },
  deepinfra: {
    ...OPENAI_CHAT,
    baseUrl: 'https://api.deepinfra.com/v1/openai',
    model: 'meta-llama/Meta-Llama-3.1-8B-Instruct',
  },
  ollama: { ...OPENAI_CHAT, baseUrl: 'http://localhost:11434/v1', keyRequired: false },
  vllm: { ...OPENAI_CHAT, baseUrl: 'http://localhost:8000/v1', keyRequired: false },
  lmstudio: { ...OPENAI_CHAT, baseUrl: 'http://localhost:1234/v1', keyRequired: false },
  litellm: {
    ...OPENAI_CHAT,
    baseUrl: 'http://localhost:4000/v1',
    keyRequired: false,
    maxTokens: 16,
    modelIsAlias: true,
  },
  // An OpenAI model may be behind it, so the limit is OpenAI's, in the field that all servers support.
  'openai-compatible': { ...OPENAI_CHAT, keyRequired: false, maxTokens: 16 },
  'anthropic-compatible': { ...ANTHROPIC_MESSAGES, keyRequired: false },
} as const satisfies Record<ProviderType, Preset>;

export function presetOf(type: ProviderType): Preset {
  return PRESETS[type];
}

/** The most tokens that a probe lets the model generate. */
export function maxTokensOf({ maxTokens, type }: Pick<ProviderConfig, 'maxTokens' | 'type'>): number {
  return maxTokens ?? presetOf(type).maxTokens;
}

/** Whether this type of provider supports this kind of probe. Not every type has a free list of models. */
export function supportsProbe(type: ProviderType, kind: ProbeKind): boolean {
  return kind !== 'models' || presetOf(type).models !== null;
}
