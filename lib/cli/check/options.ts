/** The command line of `check`: every mistake in it at once. */

import type { Parsed } from '../command.ts';
import { readCommandLine } from '../flags.ts';

export interface CheckOptions {
  /** Path of a providers.json. */
  configFile: string;
  /** Whether to print a JSON array of `HealthCheck` instead of a table. */
  json: boolean;
  /** Deadline of every probe, 0.1 to 600; null: what the configuration says. */
  timeoutSeconds: number | null;
  /** What makes the exit status 1: a check that is not healthy, or only one that leaves a provider unhealthy. */
  failOn: FailOn;
  /** Whether private, loopback and link-local addresses, and http, may be probed. */
  allowPrivateNetwork: boolean;
}

/** `degraded`: every check that is not healthy, a first rate limit too. `unhealthy`: not a first rate limit. */
export type FailOn = (typeof FAIL_ON)[number];

const FAIL_ON = ['degraded', 'unhealthy'] as const;

export const USAGE = `Usage: provider-health check --config FILE [options]

Probes every enabled provider of FILE once, without repeating a failed probe, and prints a table.

  --config FILE             providers.json to check
  --json                    print a JSON array of health checks, in the file's order, and nothing else
  --fail-on STATE           exit with 1 from this state on: degraded (default), which a first rate limit
                            makes a provider, or unhealthy
  --timeout-seconds N       deadline of every probe, 0.1 to 600 (default: each provider's own)
  --allow-private-network   allow private and loopback addresses, and http
  --help                    this text

Exit status: 0 all healthy (or by --fail-on good enough), 1 some not, 2 the configuration or the command
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

/** Longer than people wait, yet enough for a local model that must be loaded first. */
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
