import { describe, expect, it } from 'vitest';
import { isRemoved, removedStatus } from '../../lib/health/removed-status.ts';
import { statusFromItem, statusItem } from '../../lib/store/items/status-item.ts';
import { blacklistedStatus, failedCheck, goodCheck, healthyStatus, minute, statusAfter } from '../support/builders.ts';

describe('the last status of a removed provider', () => {
  it('is unknown since the removal, with the transition that ends the outage and those before it', () => {
    const before = blacklistedStatus();
    const last = removedStatus(before, new Date(minute(9)));
    expect(last).toMatchObject({ state: 'unknown', isHealthy: false, since: minute(9), version: before.version + 1 });
    expect(last).not.toHaveProperty('holdUntil');
    expect(last?.lastTransition).toMatchObject({ from: 'blacklisted', to: 'unknown', at: minute(9), category: null });
    expect(last?.unrecordedTransitions?.at(-1)).toEqual(before.lastTransition);
    expect(last && isRemoved(last)).toBe(true);
    expect(isRemoved(before)).toBe(false);
  });

  it('reads from its item as it was written', () => {
    const last = removedStatus(blacklistedStatus(), new Date(minute(9)));
    expect(last && statusFromItem(statusItem(last, 'transition', 'w'))).toEqual(last);
  });

  it('is later than the last check, also when the clock is behind', () => {
    const last = removedStatus(blacklistedStatus(), new Date(minute(-60)));
    const checkedAt = Date.parse(last?.lastCheck?.timestamp ?? '');
    expect(Date.parse(last?.since ?? '')).toBe(checkedAt + 1);
  });

  it('is needed for a flapping provider that works, and not for one without a problem', () => {
    expect(removedStatus(healthyStatus(), new Date(minute(9)))).toBeNull();
    const checks = [0, 1, 2, 3, 4].map((at) =>
      at % 2 === 0 ? goodCheck({ timestamp: minute(at) }) : failedCheck('auth', { timestamp: minute(at) }),
    );
    const flapping = statusAfter(checks);
    expect(flapping).toMatchObject({ state: 'healthy', flapping: true });
    expect(removedStatus(flapping, new Date(minute(9)))).toMatchObject({ state: 'unknown', flapping: false });
  });
});
