/** The command line of the local monitor: every mistake in it at once. */

import { isLoopbackHost } from '../../base/loopback.ts';
import type { LocalSettings } from '../../local/settings.ts';
import { isHttpUrl, readCommandLine } from '../flags.ts';

export interface StartOptions extends LocalSettings {
  /** Whether to print a JSON object a line instead of text. */
  json: boolean;
}

export type StartCommand =
  | { kind: 'start'; options: StartOptions }
  | { kind: 'help' }
  | { kind: 'misused'; mistakes: string[] };

export const USAGE = `Usage: provider-health start [options]

Monitors providers on this machine, with a status page and the API, until Ctrl-C.

  --config FILE             providers.json to monitor (default: simulated providers)
  --port N                  of the status page and the API; 0 takes any free one (default: 3000)
  --host ADDRESS            loopback address to listen on (default: 127.0.0.1)
  --tick-seconds N          between two ticks, 1 to 3600 (default: 60; 5 with simulated providers)
  --dynamodb-endpoint URL   DynamoDB to use (default: an embedded one, gone with the process)
  --table NAME              table in it (default: provider-health)
  --json                    print JSON, an object a line: what was started, then each transition
  --help                    this text

Exit status: 0 stopped, 1 it could not start, 2 the configuration or the command line is wrong.
`;

const OPTIONS = {
  config: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'tick-seconds': { type: 'string' },
  'dynamodb-endpoint': { type: 'string' },
  table: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** DynamoDB's own rule for the names of tables. */
const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

export function parseStartOptions(args: readonly string[]): StartCommand {
  const line = readCommandLine(args, OPTIONS);
  if (line.isHelpAsked) return { kind: 'help' };
  const { mistakes } = line;
  const loopback =
    'a loopback address (127.0.0.1, ::1 or localhost), since all who reach the local monitor may change it';
  const options: StartOptions = {
    configFile: line.text('config'),
    port: line.wholeNumber('port', [0, 65_535]) ?? 3000,
    host: line.valid('host', isLoopbackHost, loopback) ?? '127.0.0.1',
    tickSeconds: line.wholeNumber('tick-seconds', [1, 3600]),
    dynamodbEndpoint: line.valid('dynamodb-endpoint', isHttpUrl, 'an http:// or https:// URL'),
    tableName:
      line.valid('table', (name) => TABLE_NAME.test(name), '3 to 255 letters, digits, "_", "." or "-"') ??
      'provider-health',
    json: line.isSet('json'),
  };
  return mistakes.length > 0 ? { kind: 'misused', mistakes } : { kind: 'start', options };
}
