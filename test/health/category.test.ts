import { describe, expect, it } from 'vitest';
import { CATEGORIES, faultOf, mayBeMonitorFault, needsAction, needsConfirmation } from '../../lib/health/category.ts';

describe('a category of failure', () => {
  it.each([
    ['provider', ['overloaded', 'server_error', 'timeout', 'dns', 'connect', 'tls', 'invalid_response', 'too_large']],
    ['ours', ['auth', 'quota', 'rate_limited', 'model_not_found', 'bad_request', 'redirect', 'config']],
  ] as const)('is the fault of %s for %j and no other', (fault, categories) => {
    expect(CATEGORIES.filter((category) => faultOf(category) === fault).sort()).toEqual([...categories].sort());
  });

  it('is confirmed where one lost packet or one restarting server can cause it', () => {
    expect(CATEGORIES.filter(needsConfirmation).sort()).toEqual(
      ['connect', 'dns', 'invalid_response', 'overloaded', 'server_error', 'timeout', 'tls'].sort(),
    );
  });

  it('waits for the verdict on the monitor where its own network can cause it', () => {
    expect(CATEGORIES.filter(mayBeMonitorFault).sort()).toEqual(['connect', 'dns', 'timeout', 'tls']);
  });

  it('asks for action where waiting does not help, and that is never the fault of the provider', () => {
    const categories = CATEGORIES.filter(needsAction);
    expect(categories.sort()).toEqual(['auth', 'bad_request', 'config', 'model_not_found', 'quota']);
    expect(categories.map(faultOf)).not.toContain('provider');
  });
});
