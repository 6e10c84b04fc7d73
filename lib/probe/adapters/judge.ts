/** Judges a complete answer: whether it is genuine, and if not, why. It is the same for all families. */

import { parseJson } from '../../base/json.ts';
import { objectOf, textOf } from '../../base/json-value.ts';
import { judgeFinish } from '../../failures/finish.ts';
import { scopeOf } from '../../failures/scopes.ts';
import type { TokenUse } from '../../health/check.ts';
import type { ProbeKind, ProviderConfig } from '../../health/provider.ts';
import { isErrorBody } from '../failure/body.ts';
import { type Asked, failedAnswer } from '../failure/failure.ts';
import type { GoodVerdict, ProbeAnswer, Verdict } from './adapter.ts';
import { judgeModelList } from './model-list.ts';
import { modelWarning } from './model-name.ts';
import { ESTIMATED_PROMPT_TOKENS } from './prompt.ts';
import type { FamilyRules, Reading } from './reading.ts';
import { capOf, urlOf } from './request.ts';
import { requestIdOf } from './request-id.ts';

export function judgeAnswer(rules: FamilyRules, answer: ProbeAnswer, config: ProviderConfig, kind: ProbeKind): Verdict {
  const json = parseJson(answer.body);
  const requestId = requestIdOf(rules, answer.headers, json);
  if (kind === 'models') return judgeModelList(answer, json, config, urlOf(rules, config, kind), requestId);

  if (rules.provesGeneration?.(answer.statusCode, answer.body)) {
    return good(config, null, requestId, capOf(config));
  }
  const body = objectOf(json);
  const isJudged = answer.statusCode === 200 && kind !== 'stream' && body !== null && !isErrorBody(json);
  const reading = isJudged && !isHtml(answer) ? rules.readAnswer(body) : null;
  if (reading === null) return failedAnswer(answer, askedOf(rules, config, kind), requestId);
  return verdictOf(rules, reading, answer, config, kind, requestId, capOf(config));
}

/** What a probe requested, and from which host, for messages. */
export function askedOf(rules: FamilyRules, config: ProviderConfig, kind: ProbeKind): Asked {
  const expected = kind === 'stream' ? `an event stream of ${rules.expected}` : rules.expected;
  return { type: config.type, url: urlOf(rules, config, kind), expected };
}

/**
 * The verdict on an answer with status 200, from what the family's rules read of it.
 *
 * @param estimatedOutput The most tokens that the answer can have used, for answers without a count.
 */
export function verdictOf(
  rules: FamilyRules,
  reading: Reading,
  answer: ProbeAnswer,
  config: ProviderConfig,
  kind: ProbeKind,
  requestId: string | null,
  estimatedOutput: number,
): Verdict {
  const asked = { ...askedOf(rules, config, kind), expected: rules.expected };
  const { finishReason } = reading;
  const category = finishReason === null ? null : judgeFinish(finishReason, scopeOf(config.type));
  if (category !== null) {
    const because = `finish reason ${finishReason}`;
    return failedAnswer(answer, asked, requestId, { category, because });
  }
  if (!isGenuine(rules, reading)) {
    const because = `one without a token (finish reason ${finishReason ?? 'none'})`;
    return failedAnswer(answer, asked, requestId, { category: 'invalid_response', because });
  }
  return good(config, reading, requestId, estimatedOutput);
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

function good(
  config: ProviderConfig,
  reading: Reading | null,
  requestId: string | null,
  estimatedOutput: number,
): GoodVerdict {
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
