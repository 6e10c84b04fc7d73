import { describe, expect, it } from 'vitest';
import { isRemoved, removedStatus } from '../../lib/health/removed-status.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
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
    const lastedMs = Date.parse(minute(9)) - Date.parse(before.since);
    expect(last?.lastTransition?.lastedMs).toBe(lastedMs);
    expect(isRemoved(before)).toBe(false);
  });

  it('is no status of one that was never checked, or that is checked again', () => {
    const last = removedStatus(blacklistedStatus(), new Date(minute(9)));
    const unchecked = { ...blacklistedStatus(), state: 'unknown', lastTransition: null } as ProviderStatus;
    const checkedAgain = { ...healthyStatus(), lastTransition: last?.lastTransition ?? null };
    expect([unchecked, checkedAgain].map(isRemoved)).toEqual([false, false]);
    expect(isRemoved({ ...unchecked, lastTransition: blacklistedStatus().lastTransition })).toBe(false);
  });

  it('follows the beginning of its state where no check is known', () => {
    const before: ProviderStatus = { ...blacklistedStatus(), lastCheck: null };
    const last = removedStatus(before, new Date(minute(-60)));
    expect(Date.parse(last?.since ?? '')).toBe(Date.parse(before.since) + 1);
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
