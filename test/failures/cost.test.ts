/** What judging costs: bounded and in proportion to what was sent, whatever it is. */

import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/failures/match.ts';
import { retryAfterBodyMs, retryAfterWordsMs } from '../../lib/failures/retry-after.ts';
import { scopeOf } from '../../lib/failures/scopes.ts';
import { unwrap } from '../../lib/failures/unwrap.ts';
import { failedAnswer } from '../../lib/probe/failure/failure.ts';
import { HOSTILE } from './hostile.ts';

const KIB = 1024;
const NOW = new Date(0);

function judgeAll(body: string): void {
  const layers = unwrap(body);
  judge({ statusCode: 400, header: () => null, layers }, scopeOf('openai-compatible'));
  retryAfterWordsMs(layers);
  retryAfterBodyMs(body, NOW);
}

/** The shortest of several runs: what else this machine does only ever makes one longer. */
function shortestMs(run: () => void): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 9; turn++) {
    const startedAt = performance.now();
    run();
    shortest = Math.min(shortest, performance.now() - startedAt);
  }
  return shortest;
}

describe.each(Object.entries(HOSTILE))('a body of %s', (_, make) => {
  it('costs no more than in proportion to its size', () => {
    const small = make(16 * KIB);
    const large = make(64 * KIB);
    judgeAll(large);
    // Twice what is in proportion; what grows with the square would be four times it. A fraction of a millisecond is noise.
    const allowed =
      8 *
      Math.max(
        shortestMs(() => judgeAll(small)),
        0.1,
      );
    expect(shortestMs(() => judgeAll(large))).toBeLessThan(allowed);
  });

  it('is found to hold few errors, none of them deep, with bounded words', () => {
    const layers = unwrap(make(64 * KIB));
    expect(layers.length).toBeLessThanOrEqual(16);
    expect(layers.every(({ depth, message }) => depth <= 16 && (message?.length ?? 0) <= 4096)).toBe(true);
    expect(layers.flatMap(({ codes }) => codes).every((code) => code.length <= 130)).toBe(true);
  });

  it('is judged by the prober', () => {
    const answer = { statusCode: 400, headers: {}, body: make(64 * KIB), receivedAt: NOW };
    const asked = { type: 'litellm' as const, url: 'https://example.com', expected: 'a chat completion' };
    expect(failedAnswer(answer, asked, null)).toMatchObject({ isHealthy: false });
  });
});

describe('what was never JSON', () => {
  it('may be in circles, or throw when it is read', () => {
    const circle: Record<string, unknown> = { code: 'x' };
    circle.error = circle;
    expect(unwrap(circle).length).toBeLessThanOrEqual(16);
  });
});
