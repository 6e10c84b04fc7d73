/** The adapter of each provider type. A family without an adapter does not compile. */

import type { ProviderType } from '../../health/provider.ts';
import type { Family } from '../presets/preset.ts';
import { presetOf } from '../presets/presets.ts';
import type { Adapter } from './adapter.ts';
import { ANTHROPIC_MESSAGES } from './anthropic-messages.ts';
import { BEDROCK_CONVERSE } from './bedrock-converse.ts';
import { COHERE } from './cohere.ts';
import { GEMINI } from './gemini.ts';
import { judgeAnswer } from './judge.ts';
import { OPENAI_CHAT } from './openai-chat.ts';
import type { FamilyRules } from './reading.ts';
import { requestOf, streamFormatOf } from './request.ts';
import { streamJudgeOf } from './stream.ts';

const ADAPTERS = {
  'openai-chat': adapterOf(OPENAI_CHAT),
  'anthropic-messages': adapterOf(ANTHROPIC_MESSAGES),
  gemini: adapterOf(GEMINI),
  cohere: adapterOf(COHERE),
  'bedrock-converse': adapterOf(BEDROCK_CONVERSE),
} as const satisfies Record<Family, Adapter>;

export function adapterFor(type: ProviderType): Adapter {
  return ADAPTERS[presetOf(type).family];
}

function adapterOf(rules: FamilyRules): Adapter {
  return {
    buildRequest: (config, key, kind) => requestOf({ rules, config, kind }, key),
    judge: (answer, config, kind) => judgeAnswer({ rules, config, kind }, answer),
    streamFormat: streamFormatOf(rules),
    streamJudge: (config) => streamJudgeOf({ rules, config, kind: 'stream' }),
  };
}
