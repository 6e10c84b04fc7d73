import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../lib/health/category.ts';
import { PROBE_KINDS, PROVIDER_TYPES } from '../../../lib/health/provider.ts';
import type { Verdict } from '../../../lib/probe/adapters/adapter.ts';
import { adapterFor } from '../../../lib/probe/adapters/registry.ts';
import { presetOf } from '../../../lib/probe/presets/presets.ts';
import { RECEIVED_AT } from '../../support/answers/answer.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { configOf } from './config.ts';

const anyType = fc.constantFrom(...PROVIDER_TYPES);
const anyKind = fc.constantFrom(...PROBE_KINDS);
const anyStatus = fc.oneof(fc.constant(200), fc.integer({ min: 100, max: 999 }));

/** JSON that has the fields which judges look at, with anything in them. */
const FIELDS = [
  'choices',
  'message',
  'delta',
  'content',
  'candidates',
  'parts',
  'error',
  'code',
  'type',
  'usage',
  'details',
  'violations',
  'base_resp',
  'data',
  'models',
  'output',
  '__proto__',
  'constructor',
];
const { value: anyJson } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, '', 'assistant', 'message', 'stop', 'toString', 0, 429, -1, 1e300),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...FIELDS), tie('value')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));
const anyBody = fc.oneof(
  anyJson.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string({ unit: anyCharacter }),
);
const anyHeaders = fc.dictionary(
  fc.constantFrom('retry-after', 'retry-after-ms', 'x-ratelimit-reset-tokens', 'content-type', 'x-amzn-errortype'),
  fc.string(),
);

function expectSound(verdict: Verdict): void {
  expect(verdict.requestId?.length ?? 0).toBeLessThanOrEqual(128);
  if (verdict.isHealthy) return;
  expect(CATEGORIES).toContain(verdict.category);
  expect(verdict.errorMessage).not.toBe('');
  const wait = verdict.retryAfterMs ?? 0;
  expect(Number.isInteger(wait) && wait >= 0 && wait <= 3_600_000).toBe(true);
}

describe('P4: judging never throws', () => {
  it('for any answer', () => {
    fc.assert(
      fc.property(anyType, anyKind, anyStatus, anyBody, anyHeaders, (type, kind, statusCode, body, headers) => {
        const answer = { statusCode, headers, body, receivedAt: RECEIVED_AT };
        expectSound(adapterFor(type).judge(answer, configOf(type), kind));
      }),
      { numRuns: 1000 },
    );
  });

  it('for any events of a stream, and is healthy only after its end', () => {
    const anyEvent = fc.record({ event: fc.option(fc.constantFrom('error', 'message_stop')), data: anyBody });
    fc.assert(
      fc.property(anyType, fc.array(anyEvent, { maxLength: 6 }), anyStatus, (type, events, statusCode) => {
        const streamJudge = adapterFor(type).streamJudge(configOf(type));
        for (const event of events) streamJudge.push(event);
        const verdict = streamJudge.finish({ statusCode, headers: {}, receivedAt: RECEIVED_AT });
        expectSound(verdict);
        if (presetOf(type).family === 'openai-chat') expect(verdict.isHealthy).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
