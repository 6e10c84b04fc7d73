/** The time of judging is limited, and proportional to the size of the answer. */

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

/** CPU time, the least of many runs, because other programs of this machine only make a run longer. */
function leastMs(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 25; turn++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

describe.each(Object.entries(HOSTILE))('a body of %s', (_, make) => {
  it('costs no more than in proportion to its size', () => {
    const small = make(16 * KIB);
    const large = make(64 * KIB);
    judgeAll(large);
    // Three times the proportional time; with quadratic growth it would be four times. Half a millisecond is noise.
    const allowed =
      12 *
      Math.max(
        leastMs(() => judgeAll(small)),
        0.5,
      );
    expect(leastMs(() => judgeAll(large))).toBeLessThan(allowed);
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

describe('a value that was never JSON', () => {
  it('may be in circles, or throw when it is read', () => {
    const circle: Record<string, unknown> = { code: 'x' };
    circle.error = circle;
    expect(unwrap(circle).length).toBeLessThanOrEqual(16);
  });
});
