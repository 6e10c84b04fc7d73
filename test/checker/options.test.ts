/** The options of a HealthChecker: which values are refused and how, and what each option changes. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import type { HealthCheckerOptions } from '../../lib/checker/options.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { START } from '../support/builders.ts';
import { FakeClock } from '../support/clock.ts';
import { ScriptedProber } from '../support/scripted-prober.ts';

const ALPHA = { id: 'alpha', type: 'openai-compatible', model: 'm', baseUrl: 'https://alpha.example.net/v1' };

function checkerWith(options: HealthCheckerOptions = {}) {
  const clock = new FakeClock();
  return { clock, checker: new HealthChecker({ clock, prober: new ScriptedProber(), ...options }) };
}

afterEach(() => vi.unstubAllEnvs());

describe('the options of HealthChecker', () => {
  it.each<[object, string]>([
    [{ timeOutSeconds: 5 }, 'timeOutSeconds: there is no such option. Write one of config, store,'],
    [{ timeoutSeconds: '5' }, 'timeoutSeconds: expected a number of seconds from 0.1 to 25, got "5".'],
    [{ timeoutSeconds: 60 }, 'timeoutSeconds: expected a number of seconds from 0.1 to 25, got 60.'],
    [{ checkIntervalSeconds: 0 }, 'checkIntervalSeconds: expected a number of seconds from 1 to 86400, got 0.'],
    [
      { checkIntervalSeconds: Number.NaN },
      'checkIntervalSeconds: expected a number of seconds from 1 to 86400, got NaN.',
    ],
    [{ tickSeconds: -1 }, 'tickSeconds: expected a number of seconds from 1 to 86400, got -1.'],
    [
      { addressPolicy: 'everything' },
      'addressPolicy: expected one of public, loopback, private, vpc, got "everything".',
    ],
    [{ allowPrivateNetwork: 'yes' }, 'allowPrivateNetwork: expected true or false'],
    [
      { allowPrivateNetwork: true, addressPolicy: 'vpc' },
      'allowPrivateNetwork: expected true or false, and no `addressPolicy`',
    ],
    [{ config: { providers: [] } }, 'config: expected a configuration that parseConfig or loadConfig gave'],
    [{ config: 'providers.json' }, 'config: expected a configuration'],
    [{ onNotices: {} }, 'onNotices: expected a function, got a value of type object.'],
    [{ log: console.log }, 'log: expected a log, with info and warn and error, got a value of type function.'],
    [{ checksPerProvider: 1.5 }, 'checksPerProvider: expected a whole number from 0 to 100000'],
    [{ limitManualChecks: 1 }, 'limitManualChecks: expected true or false, got 1.'],
    [{ proxies: 'http://proxy:3128' }, 'proxies: expected null, or { https, http, except }'],
    [{ proxies: { https: 'socks5://proxy', http: null, except: [] } }, 'proxies: expected null, or { https, http'],
  ])('refuse %j', (options, message) => {
    expect(() => new HealthChecker(options as HealthCheckerOptions)).toThrow(message);
  });

  it.each([
    ['HEALTH_CHECK_INTERVAL_SECONDS', 'soon', 'expected a number of seconds from 1 to 86400, got "soon"'],
    ['HEALTH_CHECK_INTERVAL_SECONDS', '0', 'expected a number of seconds from 1 to 86400, got "0"'],
    ['HEALTH_CHECK_TIMEOUT_SECONDS', '30', 'expected a number of seconds from 0.1 to 25, got "30"'],
    ['HTTPS_PROXY', 'socks5://proxy:1080', 'expected the URL of an HTTP proxy'],
    ['HEALTH_CHECK_TIMEOUT_SECONDS', '-5', 'expected a number of seconds from 0.1 to 25, got "-5"'],
  ])('refuse the variable %s=%s', (variable, value, message) => {
    vi.stubEnv(variable, value);
    expect(() => new HealthChecker()).toThrow(`${variable}: ${message}`);
  });

  it('take an empty variable for none', async () => {
    vi.stubEnv('HEALTH_CHECK_INTERVAL_SECONDS', ' ');
    expect(await new HealthChecker().registerProvider(ALPHA)).toMatchObject({ intervalSeconds: 60 });
  });

  it.each(['ollama', 'vllm', 'lmstudio'])('let %s be registered with allowPrivateNetwork', async (type) => {
    const input = { type, model: 'm' };
    await expect(new HealthChecker().registerProvider(input)).rejects.toThrow('allowPrivateNetwork');
    const checker = new HealthChecker({ allowPrivateNetwork: true });
    expect(await checker.registerProvider(input)).toMatchObject({ provider: type });
  });

  it('keep statuses but no history when history is switched off', async () => {
    const store = createMemoryStore({ checksPerProvider: 0 });
    const { checker, clock } = checkerWith({ store });
    await checker.registerProvider(ALPHA);
    await checker.runTick(clock.now(), { owner: 'one', deadlineAt: null });
    const range = { from: START, to: START, limit: 10 };
    expect((await store.checks.page('alpha', range)).items).toEqual([]);
    expect((await store.transitions.page(null, range)).items).toEqual([]);
    expect(checker.isHealthy('alpha')).toBe(true);
  });

  it('limit manual checks only where that is asked for', async () => {
    const { checker } = checkerWith();
    await checker.registerProvider(ALPHA);
    for (let check = 0; check < 70; check += 1) await checker.manualHealthCheck('alpha');
    const limited = checkerWith({ limitManualChecks: true }).checker;
    await limited.registerProvider(ALPHA);
    await limited.manualHealthCheck('alpha');
    await expect(limited.manualHealthCheck('alpha')).rejects.toMatchObject({ code: 'too_many_checks' });
  });

  it('warn at the start about providers whose timeout is not shorter than a tick, with what to write', async () => {
    const warnings: unknown[] = [];
    const log = {
      ...silentLog,
      warn: (message: string, fields?: object) => void warnings.push({ message, ...fields }),
    };
    const providers = [
      { ...ALPHA, timeoutSeconds: 10 },
      { ...ALPHA, id: 'equal', timeoutSeconds: 5 },
      { ...ALPHA, id: 'off', timeoutSeconds: 10, enabled: false },
      { ...ALPHA, id: 'fits' },
    ];
    const config = parseConfig({ providers, witnesses: [] }, { addressPolicy: 'public', tickSeconds: 5 });
    for (const tickSeconds of [5, 60]) {
      const { checker } = checkerWith({ config, tickSeconds, log });
      checker.startHealthChecks();
      await checker.stopHealthChecks();
    }
    expect(warnings).toEqual([
      {
        message: 'when a provider hangs, all checks come late: its timeoutSeconds is not shorter than a tick',
        providers: ['alpha', 'equal'],
        timeoutSeconds: 10,
        tickSeconds: 5,
        advice: 'write "timeoutSeconds": 4, or make a tick longer than 10 s',
      },
    ]);
  });

  it('without a configuration give a registered provider a timeout that fits into a tick', async () => {
    const prober = new ScriptedProber();
    const { checker } = checkerWith({ tickSeconds: 5, prober });
    await checker.registerProvider(ALPHA);
    await checker.manualHealthCheck('alpha');
    expect(prober.probed.map(({ config }) => config.timeoutSeconds)).toEqual([4]);
  });
});
