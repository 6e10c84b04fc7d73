import { createParser } from 'eventsource-parser';
import { describe, expect, it } from 'vitest';
import { faultOf } from '../../../lib/health/category.ts';
import type { ProbeAnswer, StreamEvent, StreamJudge, Verdict } from '../../../lib/probe/adapters/adapter.ts';
import { adapterFor } from '../../../lib/probe/adapters/registry.ts';
import { RECORDED } from '../../support/answers/all.ts';
import { RECEIVED_AT, type RecordedAnswer } from '../../support/answers/answer.ts';
import { configOf } from './config.ts';

function judge(recorded: RecordedAnswer): Verdict {
  const { type, kind, statusCode, headers, body } = recorded;
  const adapter = adapterFor(type);
  const answer: ProbeAnswer = { statusCode, headers, body, receivedAt: RECEIVED_AT };
  const isStream = headers['content-type'] === 'text/event-stream';
  const streamJudge = isStream ? adapter.streamJudge(configOf(type)) : undefined;
  if (streamJudge === undefined) return adapter.judge(answer, configOf(type), kind);
  for (const event of eventsOf(body)) streamJudge.push(event);
  return streamJudge.finish(answer);
}

function eventsOf(body: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event: event ?? null, data }) });
  parser.feed(body);
  return events;
}

const table = RECORDED.map((recorded) => [`${recorded.type}: ${recorded.name} (${recorded.kind})`, recorded] as const);

describe('an adapter', () => {
  it('has a name of its own for every recorded answer', () => {
    expect(new Set(table.map(([name]) => name)).size).toBe(table.length);
  });

  it.each(table)('judges %s', (_, recorded) => {
    const verdict = judge(recorded);
    const { expected } = recorded;
    if (!expected.isHealthy) {
      expect(verdict).toMatchObject({
        isHealthy: false,
        category: expected.category,
        fault: faultOf(expected.category),
      });
      if (verdict.isHealthy) return;
      expect(verdict.errorMessage).not.toBe('');
      expect(verdict.retryAfterMs).toBe(expected.retryAfterMs ?? verdict.retryAfterMs);
      if (expected.message !== undefined) expect(verdict.errorMessage).toBe(expected.message);
    } else {
      expect(verdict).toMatchObject({ isHealthy: true, warning: expected.warning ?? null });
      if (expected.tokens) expect(verdict).toMatchObject({ tokens: expected.tokens });
      if (recorded.kind === 'models') expect(verdict).toMatchObject({ tokens: null });
    }
    if (expected.requestId !== undefined) expect(verdict.requestId).toBe(expected.requestId);
  });

  it.each([
    ['openai', 'a stream', [false, true, false, false, false]],
    ['glm', 'a stream of reasoning', [true, false, false]],
    ['claude', 'a stream', [false, false, false, true, false, false, false]],
    ['gemini', 'a stream', [true, false]],
    ['cohere', 'a stream', [false, false, true, false, false]],
  ] as const)('%s: knows which events of %s carry tokens', (type, name, expected) => {
    const recorded = RECORDED.find((one) => one.type === type && one.name === name);
    const streamJudge = adapterFor(type).streamJudge(configOf(type)) as StreamJudge;
    expect(eventsOf(recorded?.body ?? '').map((event) => streamJudge.push(event))).toEqual(expected);
  });
});
