/**
 * `check`: probes every enabled provider of a providers.json once, and prints the results. A failed probe is not
 * repeated, since the user wants to see the failure.
 */

import { EVERY_KEY } from '../../egress/key-rights.ts';
import type { HealthCheck, ProbeOutcome } from '../../health/check.ts';
import { nextStatus, unknownStatus } from '../../health/next-status.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import { createKeyResolver } from '../../keys/keys.ts';
import { adapterFor } from '../../probe/adapters/registry.ts';
import { createProber } from '../../probe/create-prober.ts';
import { isMonitorFault } from '../../probe/monitor-fault.ts';
import { commandOf, EXIT, hasColours } from '../command.ts';
import { type CommandSettings, readSettings } from '../settings.ts';
import { type CheckOptions, type FailOn, parseCheckOptions, USAGE } from './options.ts';
import { showProgress } from './progress.ts';
import { type CheckedProvider, tableOf } from './report.ts';

export const command = commandOf(USAGE, parseCheckOptions, check);

async function check({ configFile, timeoutSeconds, ...options }: CheckOptions): Promise<number> {
  const settings = readSettings(configFile, options.allowPrivateNetwork);
  if (settings === null) return EXIT.misused;
  const enabled = settings.config.providers.filter((provider) => provider.enabled);
  if (enabled.length === 0) {
    process.stderr.write(`${configFile}: expected a provider to check, got none that is enabled.\n`);
    return EXIT.misused;
  }
  const checked = await probeEach(
    enabled.map((provider) => withTimeout(provider, timeoutSeconds)),
    settings,
  );
  if (checked === null) return EXIT.interrupted;
  const checks = checked.map((one) => one.check);
  const { witnesses } = settings.config;
  if (await isMonitorFault(checks, { witnesses, proxies: settings.proxies })) {
    process.stderr.write(noNetwork(witnesses));
  }
  process.stdout.write(options.json ? `${JSON.stringify(checks, null, 2)}\n` : tableOf(checked, hasColours()));
  return checked.some((one) => isFailed(one, options.failOn)) ? EXIT.notWell : EXIT.ok;
}

function isFailed({ check, state }: CheckedProvider, failOn: FailOn): boolean {
  return !check.isHealthy && (failOn === 'degraded' || state !== 'degraded');
}

function noNetwork(witnesses: readonly string[]): string {
  return `Neither a provider nor ${witnesses.join(' or ')} was reached: check the network of this machine first. The failures below are probably not the providers'.\n`;
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
  { addressPolicy, proxies }: CommandSettings,
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
