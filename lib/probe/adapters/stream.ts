/** Judges a stream by its events. It is the same for all families. */

import { parseJson } from '../../base/json.ts';
import { objectOf } from '../../base/json-value.ts';
import { excerptOf, isErrorBody } from '../failure/body.ts';
import { failedAnswer } from '../failure/failure.ts';
import { maxTokensOf } from '../presets/presets.ts';
import type { ProbeAnswer, StreamEvent, StreamJudge, Verdict } from './adapter.ts';
import { askedOf, judgeAnswer, verdictOf } from './judge.ts';
import { NOTHING_READ, type ProbeSpec, type Reading } from './reading.ts';
import { cleanId, requestIdOf } from './request-id.ts';

export function streamJudgeOf(spec: ProbeSpec): StreamJudge {
  const { rules, config } = spec;
  const asked = askedOf(spec);
  let reading = NOTHING_READ;
  let events = 0;
  let tokenEvents = 0;
  /** The first failed event of the stream. Later events do not count. */
  let failed: { data: string; because: string | null } | null = null;

  function push(event: StreamEvent): boolean {
    if (reading.isEnd || failed !== null || event.data === '') return false;
    events++;
    if (event.data.trim() === rules.endMarker) {
      reading = { ...reading, isEnd: true };
      return false;
    }
    const json = parseJson(event.data);
    if (event.event === 'error' || isErrorBody(json)) {
      failed = { data: event.data, because: null };
      return false;
    }
    const body = objectOf(json);
    if (body === null) {
      failed = { data: event.data, because: `an event that is no JSON object: ${excerptOf(event.data)}` };
      return false;
    }
    const next = rules.readEvent(body);
    reading = joined(reading, next);
    if (next.hasTokens) tokenEvents++;
    return next.hasTokens;
  }

  function finish(head: Omit<ProbeAnswer, 'body'>): Verdict {
    const requestId = requestIdOf(rules, head.headers, null) ?? cleanId(reading.requestId);
    const answer: ProbeAnswer = { ...head, body: failed?.data ?? '' };
    if (head.statusCode !== 200) return judgeAnswer(spec, answer);
    if (failed !== null && failed.because === null) return failedAnswer(answer, asked, requestId);
    // A finish reason counts as the end, as in official clients: some gateways send no end marker after it.
    const ended = reading.isEnd || reading.finishReason !== null;
    const because = failed?.because ?? (ended ? null : unfinished(events));
    if (because !== null) {
      return failedAnswer(answer, asked, requestId, { category: 'invalid_response', because });
    }
    // A stream without tokens may have used its whole token limit for hidden reasoning.
    const estimatedOutput = tokenEvents === 0 ? maxTokensOf(config) : tokenEvents;
    return verdictOf(spec, answer, { reading, requestId, estimatedOutput });
  }

  return { push, finish };
}

function unfinished(events: number): string {
  return events === 0 ? 'no event at all' : `one that ended without its end marker after ${events} events`;
}

/** Combines the readings of two events. Tokens stay seen, and later values replace earlier ones. */
function joined(before: Reading, next: Reading): Reading {
  return {
    hasTokens: before.hasTokens || next.hasTokens,
    finishReason: next.finishReason ?? before.finishReason,
    isEnd: before.isEnd || next.isEnd,
    inputTokens: next.inputTokens ?? before.inputTokens,
    outputTokens: next.outputTokens ?? before.outputTokens,
    model: next.model ?? before.model,
    requestId: next.requestId ?? before.requestId,
  };
}
