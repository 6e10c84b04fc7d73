/** Every recorded answer, for tests that judge them and for servers that replay them. */

import type { RecordedAnswer } from './answer.ts';
import { BEDROCK } from './bedrock.ts';
import { CLAUDE } from './claude.ts';
import { COHERE } from './cohere.ts';
import { COMPATIBLE } from './compatible.ts';
import { GEMINI } from './gemini.ts';
import { GLM } from './glm.ts';
import { OPENAI } from './openai.ts';

export const RECORDED: readonly RecordedAnswer[] = [
  ...OPENAI,
  ...CLAUDE,
  ...GLM,
  ...GEMINI,
  ...COHERE,
  ...BEDROCK,
  ...COMPATIBLE,
];
