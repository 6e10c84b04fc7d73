import { describe, expect, test } from 'vitest';
import { actOf, type Behaviour } from '../../../lib/local/simulator/behaviour.ts';
import { behaviours } from '../../../lib/local/simulator/behaviours.ts';
import { logNormal, seededRandom } from '../../../lib/local/simulator/random.ts';

const half = () => 0.5;

describe('actOf', () => {
  const script = behaviours.script(
    { seconds: 10, behaviour: behaviours.fast() },
    { seconds: 5, behaviour: behaviours.down() },
    { seconds: 5, behaviour: behaviours.hanging() },
  );

  test.each([
    { atMs: 0, kind: 'answers' },
    { atMs: 9_999, kind: 'answers' },
    { atMs: 10_000, kind: 'fails' },
    { atMs: 15_000, kind: 'hangs' },
    { atMs: 19_999, kind: 'hangs' },
    { atMs: 20_000, kind: 'answers' },
    { atMs: 3_600_000 + 12_000, kind: 'fails' },
  ])('a script is at $kind after $atMs ms, and starts again at its end', ({ atMs, kind }) => {
    expect(actOf(script, atMs, half).kind).toBe(kind);
  });

  test('a script whose steps take no time stays at its first', () => {
    const instant = behaviours.script({ seconds: 0, behaviour: behaviours.html() });
    expect(actOf(instant, 500, half).kind).toBe('html');
  });

  test('sometimes is decided anew for each request, with its share', () => {
    const random = seededRandom(7);
    const acts = Array.from({ length: 2000 }, () => actOf(behaviours.flaky(0.3), 0, random).kind);
    const share = acts.filter((kind) => kind === 'fails').length / acts.length;
    expect(share).toBeGreaterThan(0.27);
    expect(share).toBeLessThan(0.33);
  });

  test('the same seed gives the same acts', () => {
    const run = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => actOf(behaviours.flaky(), 0, random));
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  test('a rate limit carries the wait that it asks for', () => {
    expect(actOf(behaviours.rateLimited(17), 0, half)).toMatchObject({
      failure: 'rate_limited',
      retryAfterSeconds: 17,
    });
  });

  test.each<{ behaviour: Behaviour; kind: string }>([
    { behaviour: behaviours.hanging(), kind: 'hangs' },
    { behaviour: behaviours.dropping(), kind: 'drops' },
    { behaviour: behaviours.html(), kind: 'html' },
    { behaviour: behaviours.wrongKey(), kind: 'fails' },
  ])('$behaviour.kind is what it says', ({ behaviour, kind }) => {
    expect(actOf(behaviour, 0, half).kind).toBe(kind);
  });
});

test('response times are log-normal: half below the median, and a tail above', () => {
  const random = seededRandom(42);
  const times = Array.from({ length: 4001 }, () => logNormal(200, 0.15, random)).sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * 4000)] ?? Number.NaN;
  expect(at(0.5) / 200).toBeCloseTo(1, 1);
  expect(at(0.95) / 200).toBeGreaterThan(1.2);
  expect(at(0.05)).toBeGreaterThan(0);
});
