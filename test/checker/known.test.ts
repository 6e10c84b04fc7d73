/** The answers that HealthChecker gives at once: what they contain, and that no older one replaces a newer one. */

import { describe, expect, it, vi } from 'vitest';
import { HealthChecker } from '../../lib/checker/checker.ts';
import type { HealthCheckerOptions } from '../../lib/checker/options.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { START } from '../support/builders.ts';
import { FakeClock } from '../support/clock.ts';
import { bad, good, ScriptedProber } from '../support/scripted-prober.ts';
import { CLOSED } from '../support/servers/closed.ts';

const OPTIONS = { owner: 'one', deadlineAt: null };
const ALPHA = { id: 'alpha', type: 'openai-compatible', model: 'm', baseUrl: 'https://alpha.example.net/v1' } as const;
const BETA = { ...ALPHA, id: 'beta' };

function checkerWith(options: HealthCheckerOptions = {}) {
  const clock = new FakeClock();
  const prober = new ScriptedProber();
  return { clock, prober, checker: new HealthChecker({ clock, prober, ...options }) };
}

/** A store that the checker does not recognise as a store in memory. */
function tableStore(): Store {
  const { atOnce, ...store } = createMemoryStore({ now: new FakeClock().now });
  return store;
}

describe('what HealthChecker knows at once', () => {
  it('is the same with a table: as of the last tick, check, registration or refresh of this process', async () => {
    const store = tableStore();
    const { checker, prober, clock } = checkerWith({ store });
    const registering = checker.registerProvider(ALPHA);
    expect(checker.getAllHealthStatus()).toMatchObject([{ provider: 'alpha', state: 'unknown' }]);
    await registering;
    prober.script('alpha', good(250));
    await checker.runTick(clock.now(), OPTIONS);
    expect(checker.isHealthy('alpha')).toBe(true);
    const another = checkerWith({ store }).checker;
    expect(another.getHealthStatus('alpha')).toBeNull();
    await another.refresh();
    expect(another.getHealthStatus('alpha')).toMatchObject({ state: 'healthy', responseTimeMs: 250 });
    await checker.unregisterProvider('alpha');
    expect(checker.getHealthStatus('alpha')).toBeNull();
    await another.refresh();
    expect(another.getAllHealthStatus()).toEqual([]);
  });

  it('keeps what was written while an older answer of the table was on its way', async () => {
    const store = tableStore();
    const { list } = store.statuses;
    const { checker, prober } = checkerWith({ store });
    await checker.registerProvider(ALPHA);
    prober.script('alpha', good(250));
    const answers: (() => void)[] = [];
    store.statuses.list = async () => {
      const old = await list();
      await new Promise<void>((resolve) => answers.push(resolve));
      return old;
    };
    const refreshing = checker.refresh();
    await expect.poll(() => answers.length).toBe(1);
    store.statuses.list = list;
    await checker.manualHealthCheck('alpha');
    answers[0]?.();
    await refreshing;
    expect(checker.getHealthStatus('alpha')).toMatchObject({ state: 'healthy' });
  });

  it('is as new for a fleet that is too large for copies', async () => {
    const providers = Array.from({ length: 201 }, (_, i) => ({ ...ALPHA, id: `p${i}` }));
    const config = parseConfig({ providers, witnesses: [] }, { addressPolicy: 'public' });
    const { checker, prober, clock } = checkerWith({ config });
    for (const works of [true, false, true]) {
      for (const { id } of providers) prober.script(id, works ? good() : bad('auth'));
      await checker.runTick(clock.now(), OPTIONS);
      expect(checker.getAllHealthStatus().map(({ isHealthy }) => isHealthy)).toEqual(providers.map(() => works));
      expect(checker.isHealthy('p0')).toBe(works);
      await clock.advance(60_000);
    }
  });

  it('has declared providers before their first check', () => {
    const config = parseConfig({ providers: [ALPHA] }, { addressPolicy: 'public' });
    const { checker } = checkerWith({ config });
    expect(checker.getHealthStatus('alpha')).toMatchObject({ state: 'unknown' });
    expect(checker.getHealthSummary()).toMatchObject({ totalProviders: 1, healthyProviders: 0 });
  });

  it('forgets a registration that was refused', async () => {
    const store = tableStore();
    store.registrations.put = () => Promise.reject(new Error('simulated: write lost'));
    const { checker } = checkerWith({ store });
    await expect(checker.registerProvider(ALPHA)).rejects.toThrow('write lost');
    expect(checker.getHealthStatus('alpha')).toBeNull();
  });

  it('says since when its own network fails, and that it works again', async () => {
    const config = parseConfig({ providers: [ALPHA, BETA] }, { addressPolicy: 'public' });
    // Nothing listens there.
    const { checker, prober, clock } = checkerWith({ config: { ...config, witnesses: ['127.0.0.1:1'] } });
    const faults: string[] = [];
    checker.on('monitorFault', ({ tick }) => faults.push(tick));
    prober.script('alpha', bad('connect'), good(200)).script('beta', bad('dns'), good(200));
    await checker.runTick(clock.now(), OPTIONS);
    expect(faults).toEqual([START]);
    expect(checker.getHealthSummary().monitorFaultSince).toBe(START);
    await clock.advance(60_000);
    await checker.runTick(clock.now(), OPTIONS);
    expect(checker.getHealthSummary().monitorFaultSince).toBeNull();
    expect(faults).toHaveLength(1);
  });

  it('says so when its proxy cannot be reached, and changes no status', async () => {
    vi.stubEnv('https_proxy', `http://${CLOSED}`);
    const checker = new HealthChecker({
      config: parseConfig({ providers: [ALPHA, BETA] }, { addressPolicy: 'public' }),
    });
    vi.unstubAllEnvs();
    const report = await checker.runTick(new Date(START), OPTIONS);
    expect(report).toMatchObject({ monitorFault: true, stored: [], transitions: [] });
    expect(report.skipped).toMatchObject([
      { provider: 'alpha', reason: 'monitor_fault', because: expect.stringContaining('cannot be reached') },
      { provider: 'beta', reason: 'monitor_fault' },
    ]);
    expect(checker.getHealthStatus('alpha')).toMatchObject({ state: 'unknown' });
    await checker.stopHealthChecks();
  });
});
