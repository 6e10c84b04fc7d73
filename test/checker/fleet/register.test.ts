import { describe, expect, it } from 'vitest';
import { register, unregister } from '../../../lib/checker/fleet/register.ts';
import { runTick } from '../../../lib/checker/tick/tick.ts';
import { minute, provider, START } from '../../support/builders.ts';
import { checkContext } from '../../support/check-context.ts';

const OPTIONS = { owner: 'one', deadlineAt: null };

describe('a registered provider', () => {
  it('is unknown at once, and probed by the next tick', async () => {
    const context = checkContext([]);
    expect(await register(context, { id: 'a' })).toMatchObject({ provider: 'a', state: 'unknown' });
    expect(await runTick(context, new Date(START), OPTIONS)).toMatchObject({ stored: ['a'] });
  });

  it('keeps its health when its settings change', async () => {
    const context = checkContext([]);
    await register(context, { id: 'a' });
    await runTick(context, new Date(START), OPTIONS);
    expect(await register(context, { id: 'a', tags: ['eu'] })).toMatchObject({ state: 'healthy', tags: ['eu'] });
    expect(await register(context, { id: 'a', tags: ['eu'] })).toMatchObject({ state: 'healthy', tags: ['eu'] });
  });

  it('is gone once it is unregistered, and says whether it was there', async () => {
    const context = checkContext([]);
    await register(context, { id: 'a' });
    expect(await unregister(context, 'a')).toBe(true);
    expect(await unregister(context, 'a')).toBe(false);
    expect(await context.store.statuses.list()).toEqual({ statuses: [], unreadable: [] });
  });

  it('gets its status from the next tick when its registration was interrupted before it was written', async () => {
    const context = checkContext([]);
    const put = context.store.statuses.put;
    context.store.statuses.put = () => Promise.reject(new Error('no answer'));
    await expect(register(context, { id: 'a' })).rejects.toThrow('no answer');
    context.store.statuses.put = put;
    expect(await runTick(context, new Date(START), OPTIONS)).toMatchObject({ due: 1, stored: [] });
    expect(await context.store.statuses.get('a')).toMatchObject({ state: 'unknown' });
    expect(await runTick(context, new Date(minute(1)), OPTIONS)).toMatchObject({ stored: ['a'] });
  });

  it('S6: gets none when it is removed meanwhile', async () => {
    const context = checkContext([]);
    await context.store.registrations.put({ provider: 'a', input: { id: 'a' }, registeredAt: START });
    const put = context.store.statuses.put;
    context.store.statuses.put = async (...parameters) => {
      await unregister(context, 'a');
      return put(...parameters);
    };
    await runTick(context, new Date(START), OPTIONS);
    expect(await context.store.statuses.get('a')).toBeNull();
  });

  it('may not take the id of a declared one, nor remove it', async () => {
    const context = checkContext([provider({ id: 'a' })]);
    const refusal = { code: 'declared_provider' };
    await expect(register(context, { id: 'a' })).rejects.toMatchObject(refusal);
    await expect(unregister(context, 'a')).rejects.toMatchObject(refusal);
  });
});
