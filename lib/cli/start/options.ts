/** Parses the command line of `start`, and lists every mistake at once. */

import { isLoopbackHost } from '../../base/loopback.ts';
import { parseKeyReference } from '../../keys/reference.ts';
import { LOCAL_DEFAULTS, type LocalSettings } from '../../local/settings.ts';
import type { Parsed } from '../command.ts';
import { isHttpUrl, readCommandLine } from '../flags.ts';

export interface StartOptions extends LocalSettings {
  /** Whether to print JSON, an object a line, instead of text. */
  json: boolean;
}

export const USAGE = `Usage: provider-health start [options]

Monitors providers on this machine, with a status page and the API, until Ctrl-C.

  --config FILE             providers.json to monitor (default: simulated providers)
  --allow-private-network   allow providers and channels on private networks (this machine is always allowed)
  --port N                  port of the status page and the API; 0 takes any free port (default: 3000)
  --host ADDRESS            address to listen on (default: 127.0.0.1); others than loopback need --password
  --password REF            reference (env:NAME) to a password; then every request needs it
  --read-password REF       reference to a second password, for reading only
  --trusted-host NAMES      more host names of the monitor, separated by commas; needs --password
  --tick-seconds N          seconds between two ticks, 1 to 3600 (default: 60; 5 with simulated providers)
  --data DIR                folder that keeps the embedded table (default: it is lost when the process ends)
  --retention-days N        days to keep checks, 2 to 3650 (default: 7)
  --dynamodb-endpoint URL   URL of the DynamoDB to use (default: an embedded one)
  --table NAME              table in that DynamoDB (default: provider-health)
  --json                    print JSON, an object a line: the started monitor, then each transition
  --help                    this text

Exit status: 0 stopped, 1 could not start, 2 the configuration or the command line is wrong.
`;

const OPTIONS = {
  config: { type: 'string' },
  'allow-private-network': { type: 'boolean' },
  port: { type: 'string' },
  host: { type: 'string' },
  password: { type: 'string' },
  'read-password': { type: 'string' },
  'trusted-host': { type: 'string' },
  'tick-seconds': { type: 'string' },
  data: { type: 'string' },
  'retention-days': { type: 'string' },
  'dynamodb-endpoint': { type: 'string' },
  table: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** DynamoDB's rule for table names. */
const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

const HOST_NAME = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i;

export function parseStartOptions(args: readonly string[]): Parsed<StartOptions> {
  const line = readCommandLine(args, OPTIONS);
  if (line.isHelpAsked) return { kind: 'help' };
  const { mistakes } = line;
  if (line.isGiven('data') && line.isGiven('dynamodb-endpoint')) {
    mistakes.push(
      '--data: expected no --dynamodb-endpoint beside it, since a DynamoDB of your own keeps its items itself.',
    );
  }
  for (const name of ['read-password', 'trusted-host'] as const) {
    if (line.isGiven(name) && !line.isGiven('password')) {
      mistakes.push(`--${name}: expected --password beside it, got none. Without it only this machine is served.`);
    }
  }
  const loopback =
    'a loopback address (127.0.0.1, ::1 or localhost), or --password env:NAME beside it, since all who reach the monitor may change it';
  const options: StartOptions = {
    configFile: line.text('config'),
    allowPrivateNetwork: line.isSet('allow-private-network'),
    port: line.wholeNumber('port', [0, 65_535]) ?? LOCAL_DEFAULTS.port,
    host:
      line.valid('host', (host) => line.isGiven('password') || isLoopbackHost(host), loopback) ?? LOCAL_DEFAULTS.host,
    password: reference('password'),
    readPassword: reference('read-password'),
    trustedHosts: trustedHosts(),
    tickSeconds: line.wholeNumber('tick-seconds', [1, 3600]),
    dynamodbEndpoint: line.valid('dynamodb-endpoint', isHttpUrl, 'an http:// or https:// URL'),
    dataFolder: line.text('data'),
    retentionDays: line.wholeNumber('retention-days', [2, 3650]),
    tableName:
      line.valid('table', (name) => TABLE_NAME.test(name), '3 to 255 letters, digits, "_", "." or "-"') ??
      LOCAL_DEFAULTS.tableName,
    json: line.isSet('json'),
  };
  return mistakes.length > 0 ? { kind: 'misused', mistakes } : { kind: 'run', options };

  function reference(name: 'password' | 'read-password'): string | null {
    const text = line.text(name);
    if (text === null || parseKeyReference(text) !== null) return text;
    // Do not print the text: it may be the password itself.
    mistakes.push(`--${name}: expected a reference such as env:MONITOR_PASSWORD, got something else.`);
    return null;
  }

  function trustedHosts(): string[] {
    const isList = (text: string) => text.split(',').every((name) => HOST_NAME.test(name));
    const expected = 'names such as status.example.com, without a port and with commas between';
    return line.valid('trusted-host', isList, expected)?.split(',') ?? [];
  }
}
