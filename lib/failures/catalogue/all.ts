/** All writers of known words (providers, gateways, servers), with their rows of the catalogue. */

import type { Rows } from '../signature.ts';
import { ANTHROPIC, CLAUDE } from './anthropic.ts';
import { BAIDU, DEEPSEEK, GLM, KIMI, MINIMAX, QWEN, QWEN_OWN, SILICONFLOW, VOLCENGINE } from './asia.ts';
import { BEDROCK } from './aws.ts';
import { COHERE } from './cohere.ts';
import { CLI_PROXY_API, CLOUDFLARE, LITELLM, ONE_API, OPENROUTER, PORTKEY } from './gateways.ts';
import { GEMINI, VERTEX } from './google.ts';
import * as hosts from './hosts.ts';
import { AZURE, OPENAI } from './openai.ts';
import { LLAMA_CPP, LMSTUDIO, OLLAMA } from './servers.ts';

/**
 * Rows with the same meaning everywhere, so they also apply behind a gateway. More specific rows come first, because the first
 * phrase that fits decides.
 */
export const CATALOGUE = {
  openai: OPENAI,
  azure: AZURE,
  anthropic: ANTHROPIC,
  gemini: GEMINI,
  bedrock: BEDROCK,
  cohere: COHERE,
  mistral: hosts.MISTRAL,
  groq: hosts.GROQ,
  xai: hosts.XAI,
  together: hosts.TOGETHER,
  fireworks: hosts.FIREWORKS,
  cerebras: hosts.CEREBRAS,
  sambanova: hosts.SAMBANOVA,
  nvidia: hosts.NVIDIA,
  huggingface: hosts.HUGGINGFACE,
  deepinfra: hosts.DEEPINFRA,
  'other hosts': hosts.OTHER_HOSTS,
  glm: GLM,
  kimi: KIMI,
  qwen: QWEN,
  minimax: MINIMAX,
  deepseek: DEEPSEEK,
  siliconflow: SILICONFLOW,
  baidu: BAIDU,
  volcengine: VOLCENGINE,
  openrouter: OPENROUTER,
  litellm: LITELLM,
  portkey: PORTKEY,
  'one-api': ONE_API,
  cliproxyapi: CLI_PROXY_API,
  cloudflare: CLOUDFLARE,
  ollama: OLLAMA,
  lmstudio: LMSTUDIO,
  'llama.cpp': LLAMA_CPP,
} as const satisfies Record<string, Rows>;

/** Rows with another meaning elsewhere. They apply only if this writer is known to have written the answer. */
export const OWN_WORDS = {
  claude: CLAUDE,
  vertex: VERTEX,
  qwen: QWEN_OWN,
  nvidia: hosts.NVIDIA_OWN,
} as const satisfies Record<string, Rows>;

export type Writer = keyof typeof CATALOGUE | keyof typeof OWN_WORDS;
