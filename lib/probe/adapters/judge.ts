/** Judges a complete answer: whether it is genuine, and if not, why. It is the same for all families. */

import { parseJson } from '../../base/json.ts';
import { objectOf, textOf } from '../../base/json-value.ts';
import { judgeFinish } from '../../failures/finish.ts';
import { scopeOf } from '../../failures/scopes.ts';
import type { TokenUse } from '../../health/check.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import { isErrorBody } from '../failure/body.ts';
import { type Asked, failedAnswer } from '../failure/failure.ts';
import { maxTokensOf } from '../presets/presets.ts';
import type { GoodVerdict, ProbeAnswer, Verdict } from './adapter.ts';
import { judgeModelList } from './model-list.ts';
import { modelWarning } from './model-name.ts';
import { ESTIMATED_PROMPT_TOKENS } from './prompt.ts';
import type { FamilyRules, ProbeSpec, Reading } from './reading.ts';
import { urlOf } from './request.ts';
import { requestIdOf } from './request-id.ts';

export function judgeAnswer(spec: ProbeSpec, answer: ProbeAnswer): Verdict {
  const { rules, config, kind } = spec;
  const json = parseJson(answer.body);
  const requestId = requestIdOf(rules, answer.headers, json);
  if (kind === 'models') return judgeModelList(spec, answer, { json, requestId });

  const estimatedOutput = maxTokensOf(config);
  if (rules.provesGeneration?.(answer.statusCode, answer.body)) {
    return good(config, { reading: null, requestId, estimatedOutput });
  }
  const body = objectOf(json);
  const isJudged = answer.statusCode === 200 && kind !== 'stream' && body !== null && !isErrorBody(json);
  const reading = isJudged && !isHtml(answer) ? rules.readAnswer(body) : null;
  if (reading === null) return failedAnswer(answer, askedOf(spec), requestId);
  return verdictOf(spec, answer, { reading, requestId, estimatedOutput });
}

/** What a probe requested, and from which host, for messages. */
export function askedOf(spec: ProbeSpec): Asked {
  const { rules, config, kind } = spec;
  const expected = kind === 'stream' ? `an event stream of ${rules.expected}` : rules.expected;
  return { type: config.type, url: urlOf(spec), expected };
}

/** What the family's rules read of an answer. */
interface AnswerRead<R = Reading> {
  reading: R;
  requestId: string | null;
  /** The most tokens that the answer can have used, for answers without a count. */
  estimatedOutput: number;
}

/** The verdict on an answer with status 200. */
export function verdictOf(spec: ProbeSpec, answer: ProbeAnswer, read: AnswerRead): Verdict {
  const { rules, config } = spec;
  const { reading, requestId } = read;
  const { finishReason } = reading;
  const asked = { ...askedOf(spec), expected: rules.expected };
  const category = finishReason === null ? null : judgeFinish(finishReason, scopeOf(config.type));
  if (category !== null) {
    const because = `finish reason ${finishReason}`;
    return failedAnswer(answer, asked, requestId, { category, because });
  }
  if (!isGenuine(rules, reading)) {
    const because = `one without a token (finish reason ${finishReason ?? 'none'})`;
    return failedAnswer(answer, asked, requestId, { category: 'invalid_response', because });
  }
  return good(config, read);
}

/**
 * Whether the model has answered: it generated something, or says why not, such as a limit used up by hidden reasoning,
 * or a filter. A natural end without any token is not an answer.
 */
function isGenuine(rules: FamilyRules, { hasTokens, finishReason, outputTokens }: Reading): boolean {
  if (hasTokens) return true;
  if (finishReason === null) return false;
  return !(rules.naturalEnds.includes(finishReason) && outputTokens === 0);
}

function good(config: ProviderConfig, read: AnswerRead<Reading | null>): GoodVerdict {
  const { reading, requestId, estimatedOutput } = read;
  return {
    isHealthy: true,
    tokens: tokensOf(reading, estimatedOutput),
    warning: modelWarning(config, reading?.model ?? null),
    requestId,
  };
}

function tokensOf(reading: Reading | null, estimatedOutput: number): TokenUse {
  const input = reading?.inputTokens ?? null;
  const output = reading?.outputTokens ?? null;
  return {
    input: input ?? ESTIMATED_PROMPT_TOKENS,
    output: output ?? estimatedOutput,
    estimated: input === null || output === null,
  };
}

/** JSON with the type text/plain is accepted. JSON with the type text/html is not from an API. */
function isHtml(answer: ProbeAnswer): boolean {
  return textOf(answer.headers['content-type'])?.trimStart().toLowerCase().startsWith('text/html') ?? false;
}
