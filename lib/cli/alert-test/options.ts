/** Parses the command line of `alert-test`, and lists every mistake at once. */

import type { Parsed } from '../command.ts';
import { readCommandLine } from '../flags.ts';

export interface AlertTestOptions {
  /** Path of a providers.json. */
  configFile: string;
  /** Whether to print the answers as a JSON array instead of a table. */
  json: boolean;
  /** Whether private and loopback addresses, and http, may be called. */
  allowPrivateNetwork: boolean;
}

export const USAGE = `Usage: provider-health alert-test --config FILE [options]

Sends a test message to each alert channel of FILE, and prints the answers.

  --config FILE             providers.json whose "alerts" are tested
  --json                    print a JSON array, in the file's order, and nothing else
  --allow-private-network   allow private and loopback addresses, and http
  --help                    this text

Exit status: 0 all channels took it, 1 some did not, 2 the configuration or the command line is wrong.
`;

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean' },
  'allow-private-network': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function parseAlertTestOptions(args: readonly string[]): Parsed<AlertTestOptions> {
  const line = readCommandLine(args, OPTIONS);
  if (line.isHelpAsked) return { kind: 'help' };
  const { mistakes } = line;
  if (!line.isGiven('config')) mistakes.push('--config: expected the path of a providers.json, got none.');
  const configFile = line.text('config');
  if (mistakes.length > 0 || configFile === null) return { kind: 'misused', mistakes };
  return {
    kind: 'run',
    options: { configFile, json: line.isSet('json'), allowPrivateNetwork: line.isSet('allow-private-network') },
  };
}
