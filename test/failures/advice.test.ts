import { describe, expect, it } from 'vitest';
import { withAdvice } from '../../lib/api/shapes/advised.ts';
import { adviceFor, adviceOn, SPECIAL_ADVICE } from '../../lib/failures/advice.ts';
import { CATEGORIES } from '../../lib/health/category.ts';
import { MAX_MESSAGE_LENGTH } from '../../lib/health/check.ts';
import { unknownStatus } from '../../lib/health/next-status.ts';
import { at, failedCheck, goodCheck, provider } from '../support/builders.ts';

const ANY = unknownStatus(provider(), new Date(at(0)));

describe('advice on a failed check', () => {
  it('is what its message says, else what its category always asks for', () => {
    const errorMessage = `HTTP 403 unsupported_country: no ${SPECIAL_ADVICE.geo}`;
    expect(adviceOn({ category: 'auth', errorMessage })).toBe(SPECIAL_ADVICE.geo);
    expect(adviceOn({ category: 'auth', errorMessage: 'HTTP 401' })).toContain('key');
    expect(adviceFor('quota', null)).toContain('Top up');
    expect(adviceFor('quota', 'geo')).toBe(SPECIAL_ADVICE.geo);
  });

  it.each(CATEGORIES)('on %s is one line that says what to do', (category) => {
    expect(adviceFor(category, null)).toMatch(/^[A-Z].+\.$/);
  });

  it('leaves room for what the provider said', () => {
    const longest = Math.max(...Object.values(SPECIAL_ADVICE).map((advice) => advice.length));
    expect(longest).toBeLessThan(MAX_MESSAGE_LENGTH / 2);
  });

  it('is in the answer of the API while the last check is a failed one, and only then', () => {
    const failed = { ...ANY, lastCheck: failedCheck('quota') };
    expect(withAdvice(failed as never, new Date(at(0)))).toMatchObject({ advice: adviceFor('quota', null) });
    const good = { ...ANY, lastCheck: goodCheck() };
    expect(withAdvice(good as never, new Date(at(0)))).not.toHaveProperty('advice');
    expect(withAdvice(ANY, new Date(at(0)))).not.toHaveProperty('advice');
  });
});
