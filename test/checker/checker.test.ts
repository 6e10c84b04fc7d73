import { afterEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/alerts/notice.ts';
import type { Log } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import type { HealthCheckerOptions } from '../../lib/checker/options.ts';
import { PROVIDER_DEFAULTS } from '../../lib/config/defaults.ts';
import { PAGE_DEFAULTS } from '../../lib/config/page.ts';
import { ALERT_DEFAULTS } from '../../lib/health/alerting/alert-settings.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { START } from '../support/builders.ts';
import { FakeClock } from '../support/clock.ts';
import { bad, good, hanging, held, ScriptedProber } from '../support/scripted-prober.ts';

const OPTIONS = { owner: 'one', deadlineAt: null };
const ALPHA = { id: 'alpha', type: 'openai-compatible', model: 'm', baseUrl: 'https://alpha.example.net/v1' };
const BETA = { ...ALPHA, id: 'beta' };

function checkerWith(options: HealthCheckerOptions = {}) {
  const clock = new FakeClock();
  const prober = new ScriptedProber();
  const store = createMemoryStore({ now: clock.now });
  const config = {
    providers: [],
    witnesses: [],
    heartbeatUrl: null,
    publicUrl: null,
    page: PAGE_DEFAULTS,
    registeredKeys: [],
    alerts: ALERT_DEFAULTS,
    defaults: PROVIDER_DEFAULTS,
  };
  return { clock, prober, store, checker: new HealthChecker({ clock, prober, store, config, ...options }) };
}

describe('HealthChecker in a process', () => {
  it('answers about providers that were registered and checked', async () => {
    const { checker, prober, clock } = checkerWith();
    await checker.registerProvider(ALPHA);
    const registering = checker.registerProvider(BETA);
    expect(checker.getHealthStatus('beta')).toMatchObject({ state: 'unknown', timestamp: null });
    await registering;
    prober.script('alpha', good(250)).script('beta', bad('server_error'));
    expect(checker.isHealthy('alpha')).toBe(false);
    expect(checker.getProviderHealthScore('alpha')).toBe(0);
    await checker.runTick(clock.now(), OPTIONS);

    expect(checker.isHealthy('alpha')).toBe(true);
    expect(checker.getHealthStatus('beta')).toMatchObject({
      state: 'unhealthy',
      provider: 'beta',
      model: 'm',
      isHealthy: false,
      responseTimeMs: 50,
      errorMessage: 'simulated server_error',
      timestamp: START,
    });
    expect(checker.getHealthStatus('missing')).toBeNull();
    expect(checker.getAllHealthStatus().map((status) => status.provider)).toEqual(['alpha', 'beta']);
    expect(checker.getHealthyProviders()).toEqual(['alpha']);
    expect(checker.getProviderHealthScore('alpha')).toBe(0.85);
    expect(checker.getHealthSummary()).toMatchObject({
      totalProviders: 2,
      healthyProviders: 1,
      healthPercentage: 50,
      lastCheck: START,
      monitorFaultSince: null,
      providers: { beta: { isHealthy: false, errorMessage: 'simulated server_error', fault: 'provider' } },
    });
    expect(await checker.unregisterProvider('beta')).toBe(true);
    expect(checker.getHealthStatus('beta')).toBeNull();
  });

  it('emits checks and transitions, and records transitions so that they can be listed', async () => {
    const { checker, clock, store } = checkerWith();
    await checker.registerProvider(ALPHA);
    const emitted: string[] = [];
    checker.on('check', (check) => emitted.push(`check ${check.provider}`));
    checker.on('transition', ({ from, to }) => emitted.push(`${from} -> ${to}`));
    await checker.runTick(clock.now(), OPTIONS);
    expect(emitted).toEqual(['check alpha', 'unknown -> healthy']);
    const page = await store.transitions.page(null, { from: START, to: START, limit: 10 });
    expect(page.items).toMatchObject([{ provider: 'alpha', to: 'healthy' }]);
  });

  it('counts a check, and emits its transition, though a listener throws', async () => {
    const logged: unknown[] = [];
    const log: Log = { info: () => {}, warn: () => {}, error: (message, fields) => logged.push([message, fields]) };
    const notices: Notice[] = [];
    const { checker, clock } = checkerWith({ log, onNotices: async (some) => void notices.push(...some) });
    await checker.registerProvider(ALPHA);
    checker.on('check', () => {
      throw new Error('simulated: a mistake of the listener');
    });
    const report = await checker.runTick(clock.now(), OPTIONS);
    expect(report).toMatchObject({ stored: ['alpha'], failed: [], transitions: [{ to: 'healthy' }] });
    expect(notices).toMatchObject([{ kind: 'transition' }]);
    expect(logged).toEqual([['listener failed', { event: 'check', error: 'simulated: a mistake of the listener' }]]);
  });

  it('shares one manual check among those who ask while it runs', async () => {
    const { checker, prober } = checkerWith();
    await checker.registerProvider(ALPHA);
    const slow = held();
    prober.script('alpha', slow.step);
    const both = Promise.all([checker.manualHealthCheck('alpha'), checker.manualHealthCheck('alpha')]);
    slow.release();
    const [first, second] = await both;
    expect(first).toBe(second);
    expect(prober.probed).toHaveLength(1);
  });

  it('goes on when the function that takes its notices fails, and logs it', async () => {
    const logged: string[] = [];
    const log: Log = { info: () => {}, warn: () => {}, error: (message) => logged.push(message) };
    const onNotices = async () => {
      throw new Error('simulated: nothing listens');
    };
    const { checker, clock } = checkerWith({ log, onNotices });
    await checker.registerProvider(ALPHA);
    expect(await checker.runTick(clock.now(), OPTIONS)).toMatchObject({ stored: ['alpha'], failed: [] });
    expect(logged).toEqual(['notices not handed on']);
  });
});

describe('the schedule of HealthChecker', () => {
  it('ticks until it is stopped, and leaves no timer and no connection', async () => {
    const { checker, clock, prober } = checkerWith({ tickSeconds: 60 });
    await checker.registerProvider(ALPHA);
    const ticks: string[] = [];
    checker.on('tick', (report) => ticks.push(report.tick));
    checker.startHealthChecks();
    checker.startHealthChecks();
    await clock.advance(60_000);
    await checker.stopHealthChecks();
    expect(ticks).toEqual([START, '2026-03-01T10:01:00.000Z']);
    expect({ sleeping: clock.sleeping, closed: prober.closed }).toEqual({ sleeping: 0, closed: true });
  });

  it('starts again after it was stopped', async () => {
    const { checker, clock } = checkerWith({ tickSeconds: 60 });
    await checker.registerProvider(ALPHA);
    const ticks: string[][] = [];
    checker.on('tick', (report) => ticks.push(report.stored));
    checker.startHealthChecks();
    await clock.advance(0);
    await checker.stopHealthChecks();
    await clock.advance(60_000);
    checker.startHealthChecks();
    await clock.advance(0);
    await checker.stopHealthChecks();
    expect(ticks).toEqual([['alpha'], ['alpha']]);
  });

  it('checks by hand after it was stopped', async () => {
    const { checker, prober } = checkerWith({ tickSeconds: 60 });
    await checker.registerProvider(ALPHA);
    await checker.stopHealthChecks();
    expect(await checker.manualHealthCheck('alpha')).toMatchObject({ trigger: 'manual', isHealthy: true });
    expect(prober.probed).toHaveLength(1);
  });

  it('P8: stops a running probe at once, and ignores its result', async () => {
    const { checker, clock, prober } = checkerWith();
    await checker.registerProvider(ALPHA);
    prober.script('alpha', hanging());
    checker.startHealthChecks();
    while (prober.probed.length === 0) await clock.advance(0);
    await checker.stopHealthChecks();
    expect(checker.getHealthStatus('alpha')).toMatchObject({ state: 'unknown' });
  });

  it('continues after a tick that could not read the table', async () => {
    const { store } = checkerWith();
    let fails = true;
    const broken = {
      ...store,
      ticks: {
        ...store.ticks,
        heartbeat: (shard: string) => store.ticks.heartbeat(shard),
        finish: (...args: Parameters<typeof store.ticks.finish>) => store.ticks.finish(...args),
        claim: async (claim: Parameters<typeof store.ticks.claim>[0]) => {
          if (fails) throw new Error('simulated: table gone');
          return store.ticks.claim(claim);
        },
      },
    };
    const { checker, clock } = checkerWith({ store: broken });
    const ticks: string[] = [];
    checker.on('tick', (report) => ticks.push(report.outcome));
    checker.startHealthChecks();
    await clock.advance(0);
    fails = false;
    await clock.advance(60_000);
    await checker.stopHealthChecks();
    expect(ticks).toEqual(['done']);
  });
});

describe('the environment', () => {
  const variable = 'HEALTH_CHECK_INTERVAL_SECONDS';
  afterEach(() => {
    delete process.env[variable];
    delete process.env.HEALTH_CHECK_TIMEOUT_SECONDS;
  });

  it('sets interval and timeout of registered providers', async () => {
    process.env[variable] = '30';
    process.env.HEALTH_CHECK_TIMEOUT_SECONDS = '5';
    const { checker, prober, clock } = checkerWith();
    await checker.registerProvider(ALPHA);
    await checker.runTick(clock.now(), OPTIONS);
    expect(prober.probed[0]?.config).toMatchObject({ intervalSeconds: 30, timeoutSeconds: 5 });
  });
});
