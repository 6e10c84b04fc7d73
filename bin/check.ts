/**
 * `npm run -s check`: probes every enabled provider of a providers.json once, and says how they are. One probe each: a
 * failure is not confirmed by a second probe: a person at a terminal wants to see it.
 */

import { type CheckOptions, parseCheckOptions, USAGE } from '../lib/cli/check/options.ts';
import { showProgress } from '../lib/cli/check/progress.ts';
import { type CheckedProvider, tableOf } from '../lib/cli/check/report.ts';
import { ConfigError } from '../lib/config/error.ts';
import { loadConfig } from '../lib/config/load.ts';
import type { AddressPolicy } from '../lib/egress/guard.ts';
import type { HealthCheck, ProbeOutcome } from '../lib/health/check.ts';
import type { ProviderConfig } from '../lib/health/provider.ts';
import { nextStatus, unknownStatus } from '../lib/health/status.ts';
import { createKeyResolver } from '../lib/keys/keys.ts';
import { adapterFor } from '../lib/probe/adapters/registry.ts';
import { createProber } from '../lib/probe/probe.ts';

const ALL_HEALTHY = 0;
const SOME_UNHEALTHY = 1;
const MISUSED = 2;
/** What shells give for a bug of the program (EX_SOFTWARE) and for Ctrl-C. */
const BROKEN = 70;
const STOPPED = 130;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error('check:', error);
  return BROKEN;
});

async function main(args: readonly string[]): Promise<number> {
  const command = parseCheckOptions(args);
  switch (command.kind) {
    case 'help':
      process.stdout.write(USAGE);
      return ALL_HEALTHY;
    case 'misused':
      process.stderr.write(`${command.mistakes.join('\n')}\n\n${USAGE}`);
      return MISUSED;
    case 'check':
      return check(command.options);
    default: {
      const never: never = command;
      return never;
    }
  }
}

async function check(options: CheckOptions): Promise<number> {
  const addressPolicy = options.allowPrivateNetwork ? 'private' : 'public';
  const configs = configsOf(options, addressPolicy);
  if (configs === null) return MISUSED;
  const checked = await probeEach(configs, addressPolicy);
  if (checked === null) return STOPPED;
  const checks = checked.map(({ check }) => check);
  process.stdout.write(options.json ? `${JSON.stringify(checks, null, 2)}\n` : tableOf(checked, hasColours()));
  return checks.every(({ isHealthy }) => isHealthy) ? ALL_HEALTHY : SOME_UNHEALTHY;
}

/** The enabled providers, in the file's order; null after saying what is wrong. */
function configsOf(options: CheckOptions, addressPolicy: AddressPolicy): ProviderConfig[] | null {
  try {
    const configs = loadConfig(options.configFile, { addressPolicy }).providers.filter(({ enabled }) => enabled);
    if (configs.length > 0) return configs.map((config) => withTimeout(config, options.timeoutSeconds));
    process.stderr.write(`${options.configFile}: expected a provider to check, got none that is enabled.\n`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { length } = error.issues;
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

/** In the order of `configs`; null when Ctrl-C came before the end. */
async function probeEach(
  configs: readonly ProviderConfig[],
  addressPolicy: AddressPolicy,
): Promise<CheckedProvider[] | null> {
  const prober = createProber({ keys: createKeyResolver(), addressPolicy, adapterFor });
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

/** Of the terminal, its settings (`NO_COLOR`) included. */
function hasColours(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors();
}
