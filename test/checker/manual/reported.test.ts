import { describe, expect, it } from 'vitest';
import { checkOne } from '../../../lib/checker/manual/manual.ts';
import { checkReported } from '../../../lib/checker/manual/reported.ts';
import { runTick } from '../../../lib/checker/tick/tick.ts';
import { minute, provider, START } from '../../support/builders.ts';
import { checkContext } from '../../support/check-context.ts';
import { bad } from '../../support/scripted-prober.ts';

const OPTIONS = { owner: 'one', deadlineAt: null };

describe('reported failures', () => {
  it('have those providers checked at once, and no others', async () => {
    const context = checkContext(['a', 'b', 'c'].map((id) => provider({ id })));
    await runTick(context, new Date(START), OPTIONS);
    context.clock.set(minute(0.5));
    const checks = await checkReported(context, ['a', 'c', 'missing']);
    expect(checks.map((check) => check.provider)).toEqual(['a', 'c']);
    expect((await context.store.statuses.get('b'))?.lastCheck?.timestamp).toBe(START);
  });

  it('make no provider unhealthy by themselves: the check decides', async () => {
    const context = checkContext([provider({ id: 'well' }), provider({ id: 'ill' })]);
    await runTick(context, new Date(START), OPTIONS);
    context.clock.set(minute(0.5));
    context.prober.script('ill', bad('auth'));
    await checkReported(context, ['well', 'ill']);
    expect((await context.store.statuses.get('well'))?.state).toBe('healthy');
    expect((await context.store.statuses.get('ill'))?.state).toBe('unhealthy');
  });

  it('of a provider that is known to be down cause no check', async () => {
    const context = checkContext([provider({ id: 'a' })]);
    context.prober.script('a', bad('auth'));
    await runTick(context, new Date(START), OPTIONS);
    context.clock.set(minute(0.5));
    expect(await checkReported(context, ['a'])).toEqual([]);
  });

  it('of a disabled provider have nothing checked', async () => {
    expect(await checkReported(checkContext([provider({ id: 'a', enabled: false })]), ['a'])).toEqual([]);
  });

  it('A2: have a provider checked once in 10 s, however many report', async () => {
    const context = checkContext([provider({ id: 'a' })]);
    expect(await checkReported(context, ['a', 'a'])).toHaveLength(1);
    await context.clock.advance(9000);
    expect(await checkReported(context, ['a'])).toEqual([]);
    await context.clock.advance(1000);
    expect(await checkReported(context, ['a'])).toHaveLength(1);
  });

  it('A2: leave half of the manual checks of an hour to people', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `p${index}`);
    const context = checkContext([...ids, 'mine'].map((id) => provider({ id })));
    expect(await checkReported(context, ids)).toHaveLength(30);
    expect((await checkOne(context, 'mine')).isHealthy).toBe(true);
  });
});
