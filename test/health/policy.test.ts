import { describe, expect, it } from 'vitest';
import { withPolicy } from '../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import { blacklistedStatus, healthyStatus, provider } from '../support/builders.ts';

describe('new settings of a provider', () => {
  const status = healthyStatus({ tags: ['eu'] }, { responseTimeMs: 1000 });

  it('that equal the old ones change nothing', () => {
    expect(withPolicy(status, provider({ tags: ['eu'] }))).toBeNull();
  });

  it('that the status does not carry change nothing', () => {
    expect(withPolicy(status, provider({ tags: ['eu'], blacklistAfter: 9, timeoutSeconds: 3 }))).toBeNull();
  });

  it.each<Partial<ProviderConfig>>([
    { type: 'vllm' },
    { model: 'other-model' },
    { tags: ['eu', 'fast'] },
    { tags: [] },
    { enabled: false },
    { intervalSeconds: 30 },
    { targetResponseMs: 500 },
  ])('reach the status one version on: %j', (setting) => {
    const next = withPolicy(status, provider({ tags: ['eu'], ...setting }));
    expect(next).toMatchObject({ ...setting, version: status.version + 1 });
  });

  it('leave its health as it was', () => {
    const down = blacklistedStatus();
    const next = withPolicy(down, provider({ model: 'other-model' }));
    expect(next).toEqual({ ...down, model: 'other-model', version: down.version + 1 });
  });

  it('count for the routing score at once', () => {
    expect(withPolicy(status, provider({ enabled: false }))?.routingScore).toBe(0);
    expect(withPolicy(status, provider({ targetResponseMs: 3000 }))?.routingScore).toBeCloseTo(0.6 * 0.75 + 0.4, 12);
    expect(withPolicy(blacklistedStatus(), provider({ targetResponseMs: 3000 }))?.routingScore).toBe(0);
  });
});
