/**
 * `check`: probes every enabled provider of a providers.json once, and prints the results. A failed probe is not
 * repeated, since the user wants to see the failure.
 */

import { ConfigError } from '../../config/error.ts';
import { loadConfig } from '../../config/load.ts';
import type { MonitorConfig } from '../../config/schema.ts';
import type { AddressPolicy } from '../../egress/guard.ts';
import { EVERY_KEY } from '../../egress/key-rights.ts';
import { ProxySettingError, type ProxySettings, proxiesOf } from '../../egress/proxy.ts';
import type { HealthCheck, ProbeOutcome } from '../../health/check.ts';
import { nextStatus, unknownStatus } from '../../health/next-status.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import { createKeyResolver } from '../../keys/keys.ts';
import { adapterFor } from '../../probe/adapters/registry.ts';
import { createProber } from '../../probe/create-prober.ts';
import { isMonitorFault } from '../../probe/monitor-fault.ts';
import { commandOf, EXIT, hasColours } from '../command.ts';
import { type CheckOptions, parseCheckOptions, USAGE } from './options.ts';
import { showProgress } from './progress.ts';
import { type CheckedProvider, tableOf } from './report.ts';

interface CheckConfig extends Pick<MonitorConfig, 'providers' | 'witnesses'> {
  proxies: ProxySettings | null;
}

export const command = commandOf(USAGE, parseCheckOptions, check);

async function check(options: CheckOptions): Promise<number> {
  const addressPolicy = options.allowPrivateNetwork ? 'private' : 'public';
  const config = configOf(options, addressPolicy);
  if (config === null) return EXIT.misused;
  const checked = await probeEach(config.providers, addressPolicy, config.proxies);
  if (checked === null) return EXIT.interrupted;
  const checks = checked.map(({ check }) => check);
  if (await isMonitorFault(checks, config)) process.stderr.write(noNetwork(config.witnesses));
  process.stdout.write(options.json ? `${JSON.stringify(checks, null, 2)}\n` : tableOf(checked, hasColours()));
  const isFailed = ({ check: { isHealthy }, state }: CheckedProvider) =>
    options.failOn === 'degraded' ? !isHealthy : !isHealthy && state !== 'degraded';
  return checked.some(isFailed) ? EXIT.notWell : EXIT.ok;
}

function noNetwork(witnesses: readonly string[]): string {
  return `Neither a provider nor ${witnesses.join(' or ')} was reached: check the network of this machine first. The failures below are probably not the providers'.\n`;
}

/** The enabled providers, in the file's order; null after printing what is wrong. */
function configOf(options: CheckOptions, addressPolicy: AddressPolicy): CheckConfig | null {
  try {
    const { providers, witnesses } = loadConfig(options.configFile, { addressPolicy });
    const enabled = providers.filter(({ enabled }) => enabled);
    if (enabled.length > 0) {
      const proxies = proxiesOf(process.env);
      return { providers: enabled.map((one) => withTimeout(one, options.timeoutSeconds)), witnesses, proxies };
    }
    process.stderr.write(`${options.configFile}: expected a provider to check, got none that is enabled.\n`);
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ProxySettingError)) throw error;
    const length = error instanceof ConfigError ? error.issues.length : 1;
    const heading = length === 1 ? '' : `${options.configFile}: ${length} mistakes\n`;
    process.stderr.write(`${heading}${error.message}\n`);
  }
  return null;
}

function withTimeout(config: ProviderConfig, timeoutSeconds: number | null): ProviderConfig {
  if (timeoutSeconds === null) return config;
  const { firstTokenTimeoutSeconds } = config;
  return {
    ...config,
    timeoutSeconds,
    firstTokenTimeoutSeconds:
      firstTokenTimeoutSeconds === null ? null : Math.min(firstTokenTimeoutSeconds, timeoutSeconds),
  };
}

/** Probes each provider once. @returns Results in the order of `configs`; null after Ctrl-C. */
async function probeEach(
  configs: readonly ProviderConfig[],
  addressPolicy: AddressPolicy,
  proxies: ProxySettings | null,
): Promise<CheckedProvider[] | null> {
  const keys = createKeyResolver();
  const prober = createProber({ keys, keyRights: EVERY_KEY, addressPolicy, proxies, adapterFor });
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  const progress = showProgress(process.stderr, configs.length);
  const now = new Date();
  try {
    const targets = configs.map((config) => ({ config, kind: config.probe, expectedMs: null }));
    const outcomes = prober.probeAll(targets, stopping.signal);
    const checked = await Promise.all(
      configs.map(async (config, index) => {
        const outcome = await outcomes[index];
        progress.step();
        return outcome ? checkedProvider(config, outcome, now) : null;
      }),
    );
    return checked.includes(null) ? null : checked.filter((one) => one !== null);
  } finally {
    progress.end();
    process.off('SIGINT', stop);
    await prober.close();
  }
}

function checkedProvider(config: ProviderConfig, outcome: ProbeOutcome, now: Date): CheckedProvider {
  const check: HealthCheck = {
    provider: config.id,
    model: config.model,
    timestamp: now.toISOString(),
    trigger: 'manual',
    attempts: 1,
    firstAttempt: null,
    ...outcome,
  };
  return { check, state: nextStatus(unknownStatus(config, now), check, config)?.status.state ?? 'unknown' };
}
