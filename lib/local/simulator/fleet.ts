/**
 * The simulated providers that a newcomer sees: every API family, healthy ones and every kind of trouble. With a tick
 * every 5 s, their states change within the first minute.
 */

import type { ProbeKind, ProviderType } from '../../health/provider.ts';
import type { SimulatedApi } from './api/api.ts';
import { claudeApi } from './api/claude.ts';
import { cohereApi } from './api/cohere.ts';
import { geminiApi } from './api/gemini.ts';
import { glmApi } from './api/glm.ts';
import { OPENAI, openaiApi } from './api/openai.ts';
import { MISTRAL_ERRORS, OPENROUTER_ERRORS, XAI_ERRORS } from './api/openai-errors.ts';
import type { Behaviour } from './behaviour.ts';
import { behaviours } from './behaviours.ts';

export interface SimulatedProvider {
  id: string;
  type: ProviderType;
  api: SimulatedApi;
  /** Path of the real base URL. */
  basePath: string;
  /** The provider's models. The first one is probed. */
  models: readonly [string, ...string[]];
  /** True: the provider needs no key, like its real API. Absent: it needs one. */
  keyless?: boolean;
  /** The kind of probe. Absent: `completion`. */
  probe?: ProbeKind;
  tags: readonly string[];
  behaviour: Behaviour;
}

const PLAIN = { ...OPENAI, headers: () => ({}) };

export const FLEET: readonly SimulatedProvider[] = [
  {
    id: 'openai',
    type: 'openai',
    api: openaiApi(),
    basePath: '/v1',
    models: ['gpt-6-luna', 'gpt-6-sol'],
    tags: ['chat', 'fast'],
    behaviour: behaviours.fast(180),
  },
  {
    id: 'claude',
    type: 'claude',
    api: claudeApi,
    basePath: '',
    models: ['claude-haiku-5-5', 'claude-sonnet-5-5'],
    probe: 'stream',
    tags: ['chat', 'fast', 'streaming'],
    behaviour: behaviours.fast(260),
  },
  {
    // Down from time to time: blacklisted after three ticks, and back after its hold.
    id: 'glm',
    type: 'glm',
    api: glmApi,
    basePath: '/api/paas/v4',
    models: ['glm-4.7-flashx', 'glm-5.3-flash'],
    tags: ['chat'],
    behaviour: behaviours.script(
      { seconds: 12, behaviour: behaviours.fast(320) },
      { seconds: 25, behaviour: behaviours.down() },
      { seconds: 83, behaviour: behaviours.fast(320) },
    ),
  },
  {
    id: 'gemini',
    type: 'gemini',
    api: geminiApi,
    basePath: '',
    models: ['gemini-3.5-flash-lite', 'gemini-3.5-flash'],
    tags: ['chat', 'fast'],
    behaviour: behaviours.fast(220),
  },
  {
    id: 'cohere',
    type: 'cohere',
    api: cohereApi,
    basePath: '',
    models: ['command-r7b-12-2024', 'command-a-03-2025'],
    tags: ['chat'],
    behaviour: behaviours.fast(410),
  },
  {
    id: 'groq-streaming',
    type: 'groq',
    api: openaiApi({ ...PLAIN, thoughts: 'reasoning' }),
    basePath: '/openai/v1',
    models: ['openai/gpt-oss-20b', 'openai/gpt-oss-120b'],
    probe: 'stream',
    tags: ['chat', 'fast', 'streaming'],
    behaviour: behaviours.fast(70),
  },
  {
    // Always slow, but works. Above 1000 ms the health score is the same for all providers.
    id: 'deepseek-slow',
    type: 'deepseek',
    api: openaiApi({ ...PLAIN, cap: 'max_tokens' }),
    basePath: '',
    models: ['deepseek-v4-flash', 'deepseek-v4-pro'],
    tags: ['chat', 'slow'],
    behaviour: behaviours.slow(1500),
  },
  {
    // Slow for fewer checks than it is fast, since "slow" is relative to its own median.
    id: 'together-slowing',
    type: 'together',
    api: openaiApi({ ...PLAIN, cap: 'max_tokens', thoughts: 'reasoning' }),
    basePath: '/v1',
    models: ['openai/gpt-oss-20b'],
    tags: ['chat'],
    behaviour: behaviours.script(
      { seconds: 30, behaviour: behaviours.fast(240) },
      { seconds: 25, behaviour: behaviours.slow(1900) },
      { seconds: 30, behaviour: behaviours.fast(240) },
    ),
  },
  {
    id: 'mistral-flaky',
    type: 'mistral',
    api: openaiApi({ ...PLAIN, cap: 'max_tokens', allFields: false, errors: MISTRAL_ERRORS }),
    basePath: '/v1',
    models: ['ministral-3b-latest', 'mistral-small-latest'],
    tags: ['chat'],
    behaviour: behaviours.flaky(0.4),
  },
  {
    // Rate limited for a single tick at a time: one 429 makes a provider degraded, not unhealthy.
    id: 'xai-rate-limited',
    type: 'xai',
    api: openaiApi({ ...PLAIN, errors: XAI_ERRORS }),
    basePath: '/v1',
    models: ['grok-4.3'],
    tags: ['chat'],
    behaviour: behaviours.script(
      { seconds: 21, behaviour: behaviours.fast(300) },
      { seconds: 5, behaviour: behaviours.rateLimited(5) },
    ),
  },
  {
    id: 'openrouter-wrong-key',
    type: 'openrouter',
    api: openaiApi({ ...PLAIN, errors: OPENROUTER_ERRORS }),
    basePath: '/api/v1',
    models: ['mistralai/mistral-nemo'],
    tags: ['chat'],
    behaviour: behaviours.wrongKey(),
  },
  {
    id: 'vllm-hanging',
    type: 'vllm',
    keyless: true,
    api: openaiApi({ ...PLAIN, cap: 'max_tokens' }),
    basePath: '/v1',
    models: ['meta-llama/Llama-3.3-70B-Instruct'],
    tags: ['chat', 'self-hosted'],
    behaviour: behaviours.hanging(),
  },
  {
    id: 'litellm-html',
    type: 'litellm',
    keyless: true,
    api: openaiApi({ ...PLAIN, cap: 'max_tokens' }),
    basePath: '/v1',
    models: ['default'],
    tags: ['chat', 'self-hosted'],
    behaviour: behaviours.html(),
  },
];
