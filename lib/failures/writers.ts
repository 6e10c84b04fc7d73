/** Who wrote what a gateway relays, by the name that it puts before it. */

import type { Writer } from './catalogue/all.ts';

/** What names begin with, without spaces and punctuation, and after `=` whose it is, where that is another name. */
const NAMES =
  'azure openai anthropic claude=anthropic vertex googlevertex=vertex google=gemini gemini bedrock amazon=bedrock aws=bedrock cohere mistral groq xai together fireworks cerebras sambanova nvidia huggingface deepinfra zai=glm zhipu=glm bigmodel=glm moonshot=kimi kimi alibaba=qwen dashscope=qwen qwen minimax deepseek siliconflow volcengine openrouter litellm portkey cloudflare ollama hostedvllm=vllm vllm lmstudio'
    .split(' ')
    .map((name) => name.split('='));

/** The writer that a gateway names, as in `Fireworks_aiException`, `Moonshot AI` or `z-ai`; null when it is not known. */
export function writerNamed(name: string): Writer | null {
  const bare = name.toLowerCase().replace(/[^a-z0-9]+/g, '');
  const known = NAMES.find(([start = '']) => bare.startsWith(start));
  return (known?.at(-1) ?? null) as Writer | null;
}
