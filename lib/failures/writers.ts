/** Finds the writer of a relayed answer by the name that the gateway puts before it. */

import { CATALOGUE, OWN_WORDS, type Writer } from './catalogue/all.ts';
import { folded } from './signature.ts';

/** Names that gateways use, where the catalogue has another name. */
const ALIASES =
  'claude=anthropic googlevertex=vertex google=gemini amazon=bedrock aws=bedrock zai=glm zhipu=glm bigmodel=glm moonshot=kimi alibaba=qwen dashscope=qwen'
    .split(' ')
    .map((alias) => alias.split('=') as [string, Writer]);

let known: readonly (readonly [string, Writer])[] | null = null;

/** The writer that a gateway names, as in `Fireworks_aiException`, `Moonshot AI` or `z-ai`; null when it is not known. */
export function writerNamed(name: string): Writer | null {
  const bare = folded(name);
  known ??= [
    ...ALIASES,
    ...Object.keys({ ...CATALOGUE, ...OWN_WORDS }).map((writer) => [folded(writer), writer as Writer] as const),
  ];
  return known.find(([start]) => bare.startsWith(start))?.[1] ?? null;
}
