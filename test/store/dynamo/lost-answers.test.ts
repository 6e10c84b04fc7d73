/** Conditional writes whose answers are lost on the way, so that the SDK sends them again. */

import { describe, expect, it } from 'vitest';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import { transitionOf } from '../../../lib/health/transition.ts';
import { failedCheck, goodCheck, healthyStatus, minute, provider, START } from '../../support/builders.ts';
import { loseAnswer, loseAnswerWhile } from './faulty-table.ts';
import { useTwoProcesses } from './two-processes.ts';

const here = useTwoProcesses();

const first = unknownStatus(provider(), new Date(START));
const change = nextStatus(first, goodCheck(), provider());
const status = change?.status ?? first;

describe('a status whose answer was lost', () => {
  it('S4: counts as stored, with its transition, when it was written', async () => {
    await here.other.statuses.put(first, null, null);
    here.proxy.fail('PutItem', loseAnswer);
    expect(await here.store.statuses.put(status, first.version, 'transition')).toBe('stored');
    expect(await here.other.statuses.get('alpha')).toEqual(status);
    expect(here.proxy.operations).toEqual(['PutItem', 'PutItem', 'GetItem']);
  });

  it('S4: counts as stored when it was the first of its provider', async () => {
    here.proxy.fail('PutItem', loseAnswer);
    expect(await here.store.statuses.put(first, null, null)).toBe('stored');
  });

  it('S4: counts as stored when two answers in a row were lost', async () => {
    await here.other.statuses.put(first, null, null);
    here.proxy.fail('PutItem', loseAnswer, loseAnswer);
    expect(await here.store.statuses.put(status, first.version, 'transition')).toBe('stored');
  });

  it('S4: is a conflict when another had been first, even with the same content', async () => {
    await here.other.statuses.put(first, null, null);
    await here.other.statuses.put(status, first.version, 'transition');
    here.proxy.fail('PutItem', loseAnswer);
    expect(await here.store.statuses.put(status, first.version, 'transition')).toBe('conflict');
  });

  it('S4: is a conflict when it has been overwritten meanwhile: the caller reads what came of it', async () => {
    await here.other.statuses.put(first, null, null);
    const later = nextStatus(status, goodCheck({ timestamp: minute(1) }), provider());
    if (!later) throw new Error('expected a later status');
    here.proxy.fail(
      'PutItem',
      loseAnswerWhile(() => here.other.statuses.put(later.status, status.version, null)),
    );
    expect(await here.store.statuses.put(status, first.version, 'transition')).toBe('conflict');
    expect(await here.other.statuses.get('alpha')).toEqual(later.status);
  });

  it('S6: is a conflict when the provider was deleted meanwhile, and stays deleted', async () => {
    await here.other.statuses.put(first, null, null);
    here.proxy.fail(
      'PutItem',
      loseAnswerWhile(() => here.other.statuses.delete('alpha')),
    );
    expect(await here.store.statuses.put(status, first.version, 'transition')).toBe('conflict');
    expect(await here.other.statuses.get('alpha')).toBeNull();
  });

  it('is an error, not a conflict, when there was no answer at all', async () => {
    here.proxy.failAlways('PutItem', loseAnswer);
    await expect(here.store.statuses.put(first, null, null)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('other conditional writes whose answer was lost', () => {
  it('S4: a transition is still new to the one that wrote it, so that its alert is sent', async () => {
    const made = transitionOf(failedCheck('tls'), 'healthy', 'unhealthy', START);
    here.proxy.fail('PutItem', loseAnswer);
    expect(await here.store.transitions.put(made)).toBe(true);
    here.proxy.fail('PutItem', loseAnswer);
    expect(await here.store.transitions.put(made)).toBe(false);
  });

  it('S4: a claimed tick is claimed', async () => {
    const claim = { shard: '0', tick: START, owner: 'a', now: new Date(START), leaseMs: 30_000 };
    here.proxy.fail('UpdateItem', loseAnswer);
    expect(await here.store.ticks.claim(claim)).toBe('claimed');
    expect(await here.other.ticks.claim({ ...claim, owner: 'b' })).toBe('taken');
  });

  it('S4: a manual check is granted, and counted once', async () => {
    const limit = { perProviderSeconds: 10, perHour: 2 };
    here.proxy.fail('PutItem', loseAnswer);
    expect(await here.store.manualChecks.claim('alpha', new Date(START), limit)).toEqual({ granted: true });
    expect(await here.other.manualChecks.claim('beta', new Date(START), limit)).toEqual({ granted: true });
    expect(await here.other.manualChecks.claim('gamma', new Date(START), limit)).toMatchObject({ granted: false });
  });

  it('a deleted registration was there', async () => {
    await here.other.registrations.put({ provider: 'alpha', input: {}, registeredAt: START });
    here.proxy.fail('DeleteItem', loseAnswer);
    expect(await here.store.registrations.delete('alpha')).toBe(true);
  });

  it('checks are stored once', async () => {
    here.proxy.fail('BatchWriteItem', loseAnswer);
    expect(await here.store.checks.put([goodCheck()])).toEqual({ unstored: [] });
    const { items } = await here.store.checks.page('alpha', { from: START, to: START, limit: 10 });
    expect(items).toEqual([goodCheck()]);
  });

  it('a deletion of one version leaves the status that came after it', async () => {
    await here.other.statuses.put(first, null, null);
    here.proxy.fail(
      'DeleteItem',
      loseAnswerWhile(() => here.other.statuses.put({ ...healthyStatus(), version: 2 }, null, null)),
    );
    await here.store.statuses.delete('alpha', first.version);
    expect((await here.other.statuses.get('alpha'))?.version).toBe(2);
  });
});
