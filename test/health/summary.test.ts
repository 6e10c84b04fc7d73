import { describe, expect, it } from 'vitest';
import { unknownStatus } from '../../lib/health/next-status.ts';
import { summarize } from '../../lib/health/summary.ts';
import { blacklistedStatus, healthyStatus, minute, provider, START, unhealthyStatus } from '../support/builders.ts';

const now = new Date(minute(3));

describe('the health summary', () => {
  it('of no providers is 0 of 0', () => {
    expect(summarize([], now)).toEqual({
      totalProviders: 0,
      healthyProviders: 0,
      healthPercentage: 0,
      lastCheck: null,
      providers: {},
    });
  });

  it('says when the newest check of all was, in whatever order they are', () => {
    const statuses = [2, 3, 1].map((minutes) => healthyStatus({ id: `p${minutes}` }, { timestamp: minute(minutes) }));
    expect(summarize(statuses, now).lastCheck).toBe(minute(3));
  });

  it('counts what works and names why the others do not', () => {
    const summary = summarize(
      [
        healthyStatus({ id: 'good' }, { responseTimeMs: 500, timestamp: minute(1) }),
        unhealthyStatus({ id: 'down' }, 'server_error', { timestamp: minute(2), responseTimeMs: 500 }),
        unknownStatus(provider({ id: 'new' }), new Date(START)),
      ],
      now,
    );
    expect(summary).toMatchObject({
      totalProviders: 3,
      healthyProviders: 1,
      healthPercentage: 33.3,
      lastCheck: minute(2),
    });
    expect(summary.providers).toEqual({
      good: {
        isHealthy: true,
        state: 'healthy',
        stale: false,
        responseTimeMs: 500,
        healthScore: 0.7,
        routingScore: expect.closeTo(0.8, 12),
        errorMessage: null,
        category: null,
        fault: null,
        lastCheck: minute(1),
      },
      down: {
        isHealthy: false,
        state: 'unhealthy',
        stale: false,
        responseTimeMs: 500,
        healthScore: 0.3,
        routingScore: 0,
        errorMessage: 'simulated server_error',
        category: 'server_error',
        fault: 'provider',
        lastCheck: minute(2),
      },
      new: {
        isHealthy: false,
        state: 'unknown',
        stale: false,
        responseTimeMs: null,
        healthScore: 0,
        routingScore: 0,
        errorMessage: null,
        category: null,
        fault: null,
        lastCheck: null,
      },
    });
  });

  it('counts a rate limited provider as healthy', () => {
    const limited = unhealthyStatus({}, 'rate_limited');
    expect(summarize([limited], now)).toMatchObject({ healthyProviders: 1, healthPercentage: 100 });
  });

  it('leaves disabled providers out', () => {
    const summary = summarize([healthyStatus({ id: 'on' }), blacklistedStatus({ id: 'off', enabled: false })], now);
    expect(Object.keys(summary.providers)).toEqual(['on']);
    expect(summary.healthPercentage).toBe(100);
  });

  it('marks a stale provider, and keeps its last known values', () => {
    const summary = summarize([healthyStatus()], new Date(Date.parse(minute(3)) + 1));
    expect(summary.providers.alpha).toMatchObject({ stale: true, isHealthy: true });
  });
});
