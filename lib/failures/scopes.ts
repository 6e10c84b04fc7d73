/** The scope of each provider type. */

import type { ProviderType } from '../health/provider.ts';
import type { Writer } from './catalogue/all.ts';
import type { Scope } from './scope.ts';

const only = (...writers: Writer[]): Scope => ({ writers, relays: false });
const relaying = (...writers: Writer[]): Scope => ({ writers, relays: true });

const SCOPES: Readonly<Record<ProviderType, Scope>> = {
  openai: only('openai'),
  claude: { ...only('claude', 'anthropic'), alwaysHints: true },
  glm: only('glm'),
  gemini: only('gemini'),
  cohere: only('cohere'),
  bedrock: only('bedrock'),
  vertex: only('vertex', 'gemini'),
  azure: only('azure', 'openai'),
  'bedrock-openai': only('bedrock', 'openai'),
  mistral: only('mistral'),
  groq: only('groq'),
  deepseek: only('deepseek'),
  xai: only('xai'),
  openrouter: relaying('openrouter'),
  together: only('together'),
  fireworks: only('fireworks'),
  perplexity: only('openai'),
  kimi: only('kimi'),
  qwen: only('qwen'),
  minimax: only('minimax'),
  cerebras: only('cerebras'),
  sambanova: only('sambanova'),
  nvidia: only('nvidia'),
  // Its router relays other hosts' answers.
  huggingface: relaying('huggingface'),
  deepinfra: only('deepinfra'),
  ollama: only('ollama'),
  vllm: only(),
  lmstudio: only('lmstudio', 'llama.cpp'),
  litellm: relaying('litellm'),
  'openai-compatible': relaying(),
  'anthropic-compatible': relaying('anthropic'),
};

export function scopeOf(type: ProviderType): Scope {
  return SCOPES[type];
}
