import { describe, expect, it } from 'vitest';
import { withAge } from '../../lib/health/aged-status.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import type { Transition } from '../../lib/health/transition.ts';
import { itemSize } from '../../lib/store/item-size.ts';
import { statusesOnTrust } from '../../lib/store/items/status-attributes.ts';
import { carriedCounts, statusFromItem, statusItem } from '../../lib/store/items/status-item.ts';
import { MOST_UNRECORDED } from '../../lib/store/unrecorded.ts';
import { failedCheck, goodCheck, healthyStatus, minute, provider, START } from '../support/builders.ts';
import { CHECKS } from './contract/samples.ts';

const WRITE_ID = 'AbCdEfGhIjKl';

function carried(status: ProviderStatus, unrecorded: readonly HealthCheck[]) {
  const item = statusItem({ ...status, unrecorded }, null, WRITE_ID);
  return { item, checks: statusFromItem(item).unrecorded ?? [] };
}

describe('unrecorded checks in a status', () => {
  it.each(CHECKS)('come back as they were: %s', (_, check) => {
    expect(carried(healthyStatus(), [check]).checks).toEqual([check]);
  });

  it('are absent where there are none', () => {
    const { item } = carried(healthyStatus(), []);
    expect(item).not.toHaveProperty('unrecorded');
    expect(statusFromItem(item)).not.toHaveProperty('unrecorded');
  });

  it('are the monitor’s own: neither answers nor readers have them', () => {
    const { item } = carried(healthyStatus(), [goodCheck()]);
    expect(withAge(statusFromItem(item), new Date(START))).not.toHaveProperty('unrecorded');
    const [read] = statusesOnTrust([item], new Date(START));
    expect(read).toMatchObject({ provider: 'alpha', state: 'healthy' });
    expect(read).not.toHaveProperty('unrecorded');
  });

  it('are the newest twelve', () => {
    const checks = Array.from({ length: 20 }, (_, index) => goodCheck({ timestamp: minute(index) }));
    expect(carried(healthyStatus(), checks).checks).toEqual(checks.slice(-MOST_UNRECORDED));
  });

  it('of a usual size all fit beside a usual status: twelve failures with a long reason', () => {
    const errorMessage = `expected HTTP 200, got 503: ${'the model is overloaded, try again later. '.repeat(3)}`;
    const checks = Array.from({ length: 12 }, (_, index) =>
      failedCheck('overloaded', { timestamp: minute(index), statusCode: 503, errorMessage, requestId: 'r'.repeat(28) }),
    );
    const { item, checks: kept } = carried(healthyStatus(), checks);
    expect(kept.map(({ timestamp, category }) => [timestamp, category])).toEqual(
      checks.map(({ timestamp, category }) => [timestamp, category]),
    );
    expect(itemSize(item)).toBeLessThanOrEqual(4096);
  });

  it.each([
    ['in English', 'error '.repeat(60)],
    ['of 4 bytes a character', '🦜'.repeat(400)],
  ])('S5: never take an item above 4 KB, and two of the largest fit, with texts %s', (_, text) => {
    const config = provider({
      id: 'x'.repeat(63),
      type: 'anthropic-compatible',
      model: 'm'.repeat(200),
      tags: Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(32, 't')),
    });
    const timings = { dnsMs: 12.345678901234, connectMs: 23.456789012345, tlsMs: 34.567890123456 };
    const longest = (index: number) =>
      failedCheck('invalid_response', {
        provider: config.id,
        model: index % 2 === 0 ? 'o'.repeat(200) : config.model,
        timestamp: minute(index),
        attempts: 2,
        firstAttempt: { category: 'server_error', errorMessage: text, responseTimeMs: 12_345 },
        errorMessage: `${index}${text}`,
        requestId: text,
        tokensPerSecond: 12.345678901234,
        responseTimeMs: 123_456,
        timings: { ...timings, firstByteMs: 456.78901234567, firstTokenMs: 567.89012345678, totalMs: 1234.5678901234 },
        tokens: { input: 123_456, output: 123_456, estimated: true },
        retryAfterMs: 3_599_999,
        trigger: 'manual',
        probe: 'stream',
        uncertain: true,
        maintenance: true,
      });
    let status: ProviderStatus = unknownStatus(config, new Date(START));
    const checks = Array.from({ length: 30 }, (_, index) => longest(index));
    for (const check of checks) status = nextStatus(status, check, config)?.status ?? status;
    const full = {
      ...status,
      transitionTimes: Array.from({ length: 4 }, (_, index) => minute(index)),
      blacklistTimes: Array.from({ length: 10 }, (_, index) => minute(index)),
      drainUntil: minute(1),
      drainReason: text,
      maintenanceUntil: minute(1),
      maintenanceReason: text,
      flapping: true,
      tokenLimitReached: true,
      successRate: 1 / 3,
    };
    const { item, checks: kept } = carried(full, checks.slice(0, -1));
    expect(itemSize(item)).toBeLessThanOrEqual(4096);
    expect(kept.length).toBeGreaterThanOrEqual(2);
    // The fields that the rules read are complete.
    const last = checks.at(-2);
    expect(kept.at(-1)).toMatchObject({ timestamp: last?.timestamp, category: last?.category, tokens: last?.tokens });
  });
});

describe('unrecorded transitions in a status', () => {
  const transition = (index: number, errorMessage = 'HTTP 503'): Transition => ({
    id: `${minute(index)}#alpha`,
    provider: 'alpha',
    from: index % 2 ? 'healthy' : 'unhealthy',
    to: index % 2 ? 'unhealthy' : 'healthy',
    at: minute(index),
    ...(index % 2 ? { category: 'server_error', fault: 'provider', errorMessage } : NO_FAILURE),
    lastedMs: 60_000,
  });
  const NO_FAILURE = { category: null, fault: null, errorMessage: null };
  const transitions = (count: number, errorMessage?: string) =>
    Array.from({ length: count }, (_, index) => transition(index, errorMessage));
  const carrying = (unrecordedTransitions: readonly Transition[], unrecorded: readonly HealthCheck[] = []) => {
    const status = { ...healthyStatus(), unrecordedTransitions, unrecorded };
    const item = statusItem(status, null, WRITE_ID);
    return { item, read: statusFromItem(item), counts: carriedCounts(status) };
  };

  it('come back as they were, in order', () => {
    const { read, counts } = carrying(transitions(4));
    expect(read.unrecordedTransitions).toEqual(transitions(4));
    expect(read).not.toHaveProperty('unrecorded');
    expect(counts).toEqual({ checks: 0, transitions: 4 });
  });

  it('are absent where there are none', () => {
    const { item, read, counts } = carrying([]);
    expect(item).not.toHaveProperty('unrecordedTransitions');
    expect(read).not.toHaveProperty('unrecordedTransitions');
    expect(counts).toEqual({ checks: 0, transitions: 0 });
  });

  it('are the monitor’s own: neither answers nor readers have them', () => {
    const { item, read } = carrying(transitions(2));
    expect(withAge(read, new Date(START))).not.toHaveProperty('unrecordedTransitions');
    expect(statusesOnTrust([item], new Date(START))[0]).not.toHaveProperty('unrecordedTransitions');
  });

  it('are the newest twelve', () => {
    const { read, counts } = carrying(transitions(20));
    expect(read.unrecordedTransitions).toEqual(transitions(20).slice(-MOST_UNRECORDED));
    expect(counts.transitions).toBe(MOST_UNRECORDED);
  });

  it.each([
    ['of a usual size', 'HTTP 503: overloaded'],
    ['as long as a text can be', 'error '.repeat(50)],
    ['of 4 bytes a character', '🦜'.repeat(300)],
  ])('S1, S5: twelve fit into 4 KB, with texts %s; beside as many checks these give way', (_, text) => {
    const checks = Array.from({ length: 12 }, (_, index) =>
      failedCheck('overloaded', { timestamp: minute(index), statusCode: 503, errorMessage: text, requestId: text }),
    );
    for (const beside of [[], checks]) {
      const { item, read } = carrying(transitions(12, text), beside);
      expect(itemSize(item)).toBeLessThanOrEqual(4096);
      expect(read.unrecordedTransitions?.map(({ at, category }) => [at, category])).toEqual(
        transitions(12).map(({ at, category }) => [at, category]),
      );
      if (beside.length > 0) expect(read.unrecorded?.length).toBeGreaterThan(3);
    }
  });
});
