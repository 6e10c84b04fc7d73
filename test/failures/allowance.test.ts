import { describe, expect, it } from 'vitest';
import { byItsWait } from '../../lib/failures/allowance.ts';

const HOUR_MS = 3_600_000;
const limited = { category: 'rate_limited', advice: null } as const;

describe('a limit that refills in an hour or later', () => {
  it('is an allowance', () => {
    expect(byItsWait(limited, HOUR_MS)).toEqual({ category: 'quota', advice: 'wait' });
  });

  it.each([null, 0, 60_000, HOUR_MS - 1])('is none with a wait of %j ms', (waitMs) => {
    expect(byItsWait(limited, waitMs)).toBe(limited);
  });

  it.each(['overloaded', 'auth', 'server_error'] as const)('does not make an allowance of %s', (category) => {
    const judged = { category, advice: null };
    expect(byItsWait(judged, HOUR_MS)).toBe(judged);
  });
});
