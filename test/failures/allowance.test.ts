import { describe, expect, it } from 'vitest';
import { byItsWait } from '../../lib/failures/allowance.ts';

const HOUR_MS = 3_600_000;
const layer = { depth: 0, writer: null, upstream: null, codes: [] as string[], message: null as string | null };
const limited = { category: 'rate_limited', advice: null } as const;

describe('a limit that refills in an hour or later', () => {
  it('is an allowance', () => {
    expect(byItsWait(limited, HOUR_MS, [layer])).toEqual({ category: 'quota', advice: 'wait' });
  });

  it.each([null, 0, 60_000, HOUR_MS - 1])('is none with a wait of %j ms', (waitMs) => {
    expect(byItsWait(limited, waitMs, [layer])).toBe(limited);
  });

  it.each(['overloaded', 'auth', 'server_error'] as const)('does not make an allowance of %s', (category) => {
    const judged = { category, advice: null };
    expect(byItsWait(judged, HOUR_MS, [layer])).toBe(judged);
  });

  it.each([
    [['html'], 'Too many requests'],
    [['text'], 'error code: 1015'],
    [['empty'], null],
  ])('is none where a web server or a firewall answered: %j', (codes, message) => {
    expect(byItsWait(limited, HOUR_MS, [{ ...layer, codes, message }])).toBe(limited);
  });

  it('is none where the error of a client stands beside the page of a firewall', () => {
    const page = { ...layer, codes: ['html'], message: 'Too many requests' };
    expect(byItsWait(limited, HOUR_MS, [page, layer])).toBe(limited);
  });

  it('is an allowance of an answer that says nothing else', () => {
    expect(byItsWait(limited, HOUR_MS, [])).toEqual({ category: 'quota', advice: 'wait' });
  });

  it('is an allowance in plain text that speaks of a quota', () => {
    const text = { ...layer, codes: ['text'], message: 'quota exceeded' };
    expect(byItsWait(limited, HOUR_MS, [text])).toEqual({ category: 'quota', advice: 'wait' });
  });
});
