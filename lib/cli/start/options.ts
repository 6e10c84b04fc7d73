/** The command line of the local monitor: every mistake in it at once, in the words of who typed it. */

import { parseArgs } from 'node:util';
import { isLoopbackHost } from '../../base/loopback.ts';
import type { LocalSettings } from '../../local/settings.ts';
import { MISUSED, StartError } from '../../local/start-error.ts';

export const USAGE = `Usage: npm start -- [options]

  --config FILE             providers.json to monitor (default: simulated providers)
  --port N                  of the status page and the API; 0 takes any free one (default: 3000)
  --host ADDRESS            loopback address to listen on (default: 127.0.0.1)
  --tick-seconds N          between two ticks, 1 to 3600 (default: 60; 5 with simulated providers)
  --dynamodb-endpoint URL   DynamoDB to use (default: an embedded one, gone with the process)
  --table NAME              table in it (default: provider-health)
  --help                    this text
`;

const OPTIONS = {
  config: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'tick-seconds': { type: 'string' },
  'dynamodb-endpoint': { type: 'string' },
  table: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type OptionName = keyof typeof OPTIONS;

/** DynamoDB's own rule for the names of tables. */
const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

/** @returns `help` when that is asked for. @throws {StartError} With every mistake, one a line. */
export function parseCommandLine(args: readonly string[]): LocalSettings | 'help' {
  // Not strict: that stops at the first mistake.
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  const mistakes: string[] = [];
  const given = new Map<OptionName, string>();

  for (const token of tokens) {
    if (token.kind === 'positional') {
      mistakes.push(`"${token.value}": expected an option. Write --name VALUE`);
    } else if (token.kind === 'option') {
      if (!isOptionName(token.name)) {
        mistakes.push(
          `${token.rawName}: no such option. There are ${Object.keys(OPTIONS)
            .map((name) => `--${name}`)
            .join(', ')}`,
        );
      } else if (token.name === 'help') {
        return 'help';
      } else if (token.value === undefined || token.value === '') {
        mistakes.push(`--${token.name}: expected a value, got none`);
      } else if (given.has(token.name)) {
        mistakes.push(`--${token.name}: expected once, got it twice`);
      } else {
        given.set(token.name, token.value);
      }
    }
  }

  const settings: LocalSettings = {
    configFile: given.get('config') ?? null,
    port: wholeNumber('port', 0, 65_535) ?? 3000,
    host: host() ?? '127.0.0.1',
    tickSeconds: wholeNumber('tick-seconds', 1, 3600),
    dynamodbEndpoint: endpoint(),
    tableName: tableName() ?? 'provider-health',
  };
  if (mistakes.length > 0) throw new StartError(`${mistakes.join('\n')}\n\n${USAGE}`, MISUSED);
  return settings;

  function wholeNumber(name: OptionName, least: number, most: number): number | null {
    const text = given.get(name);
    if (text === undefined) return null;
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    mistakes.push(`--${name}: expected a whole number from ${least} to ${most}, got "${text}"`);
    return null;
  }

  function host(): string | null {
    const text = given.get('host') ?? null;
    if (text === null || isLoopbackHost(text)) return text;
    mistakes.push(
      `--host: expected a loopback address (127.0.0.1, ::1 or localhost), got "${text}". ` +
        'Everyone who reaches the local monitor may change it; deploy it to serve others',
    );
    return null;
  }

  function endpoint(): string | null {
    const text = given.get('dynamodb-endpoint');
    if (text === undefined) return null;
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
    mistakes.push(`--dynamodb-endpoint: expected an http:// or https:// URL, got "${text}"`);
    return null;
  }

  function tableName(): string | null {
    const text = given.get('table') ?? null;
    if (text === null || TABLE_NAME.test(text)) return text;
    mistakes.push(`--table: expected 3 to 255 letters, digits, "_", "." or "-", got "${text}"`);
    return null;
  }
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}
