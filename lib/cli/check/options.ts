/** Parses the command line of `check`, and lists every mistake at once. */

import type { Parsed } from '../command.ts';
import { readCommandLine } from '../flags.ts';

export interface CheckOptions {
  /** Path of a providers.json. */
  configFile: string;
  /** Whether to print a JSON array of `HealthCheck` instead of a table. */
  json: boolean;
  /** Timeout of every probe, 0.1 to 600; null: the configuration's. */
  timeoutSeconds: number | null;
  /** Which result makes the exit status 1. */
  failOn: FailOn;
  /** Whether private, loopback and link-local addresses, and http, may be probed. */
  allowPrivateNetwork: boolean;
}

/**
 * `degraded`: every failed check. `unhealthy`: every failed check but a first rate limit, which only makes a provider
 * degraded.
 */
export type FailOn = (typeof FAIL_ON)[number];

const FAIL_ON = ['degraded', 'unhealthy'] as const;

export const USAGE = `Usage: provider-health check --config FILE [options]

Probes every enabled provider of FILE once, without repeating a failed probe, and prints a table.

  --config FILE             providers.json to check
  --json                    print a JSON array of health checks, in the file's order, and nothing else
  --fail-on STATE           exit with 1 from this state on: degraded (default; a rate limit makes a
                            provider degraded) or unhealthy
  --timeout-seconds N       timeout of every probe, 0.1 to 600 (default: each provider's own)
  --allow-private-network   allow private and loopback addresses, and http
  --help                    this text

Exit status: 0 all healthy (or not as bad as --fail-on), 1 some not, 2 the configuration or the command
line is wrong.
`;

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean' },
  'fail-on': { type: 'string' },
  'timeout-seconds': { type: 'string' },
  'allow-private-network': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The upper end is enough for a local model that must be loaded first. */
const TIMEOUT_RANGE = [0.1, 600] as const;

export function parseCheckOptions(args: readonly string[]): Parsed<CheckOptions> {
  const line = readCommandLine(args, OPTIONS);
  if (line.isHelpAsked) return { kind: 'help' };
  const { mistakes } = line;
  if (!line.isGiven('config')) mistakes.push('--config: expected the path of a providers.json, got none.');
  const configFile = line.text('config');
  const failOn = line.oneOf('fail-on', FAIL_ON) ?? 'degraded';
  const timeoutSeconds = line.number('timeout-seconds', TIMEOUT_RANGE);
  if (mistakes.length > 0 || configFile === null) return { kind: 'misused', mistakes };
  return {
    kind: 'run',
    options: {
      configFile,
      json: line.isSet('json'),
      failOn,
      timeoutSeconds,
      allowPrivateNetwork: line.isSet('allow-private-network'),
    },
  };
}
