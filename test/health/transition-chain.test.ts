import { describe, expect, it } from 'vitest';
import type { State, Transition } from '../../lib/health/transition.ts';
import { lostBetween, stateBeganAt } from '../../lib/health/transition-chain.ts';
import { failedCheck, goodCheck, minute, statusAfter } from '../support/builders.ts';

/** The transitions of a provider that works, fails, works and fails, five minutes each. */
const CHAIN: Transition[] = [0, 5, 10, 15].map((at, index, times) => {
  const checks = times
    .slice(0, index + 1)
    .map((time, position) =>
      position % 2 === 0 ? goodCheck({ timestamp: minute(time) }) : failedCheck('auth', { timestamp: minute(time) }),
    );
  const { lastTransition } = statusAfter(checks);
  if (lastTransition === null) throw new Error(`expected a transition at ${at}`);
  return lastTransition;
});
const [first, down, up, again] = CHAIN as [Transition, Transition, Transition, Transition];
const essence = (lost: Transition | null) => lost && [lost.id, lost.from, lost.to, lost.lastedMs];

describe('lostBetween', () => {
  it('is nothing between neighbours', () => {
    expect(lostBetween(first, down)).toBeNull();
    expect(stateBeganAt(down)).toBe(first.at);
  });

  it('is the one that is missing, but for the reason of its check', () => {
    expect(lostBetween(first, up)).toEqual({ ...down, category: null, fault: null, errorMessage: null });
    expect(essence(lostBetween(down, again))).toEqual(essence(up));
  });

  it('is nothing where two are missing, whose ends fit', () => {
    expect(lostBetween(first, again)).toBeNull();
  });

  it('joins the ends where three are missing', () => {
    const worse: Transition = {
      ...again,
      from: 'unhealthy' as State,
      to: 'blacklisted',
      at: minute(20),
      lastedMs: 300_000,
    };
    expect(essence(lostBetween(first, worse))).toEqual([again.id, 'healthy', 'unhealthy', 15 * 60_000]);
  });

  it('begins with unknown where nothing is recorded', () => {
    expect(essence(lostBetween(null, down))).toEqual([first.id, 'unknown', 'healthy', 0]);
    expect(lostBetween(null, first)).toBeNull();
  });
});
