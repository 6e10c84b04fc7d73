/** The command line of `npm run alert-test`: every mistake in it at once. */

import { parseArgs } from 'node:util';

export interface AlertTestOptions {
  /** Path of a providers.json. */
  configFile: string;
  /** Whether to print a JSON array of what the channels answered instead of a table. */
  json: boolean;
  /** Whether private and loopback addresses, and http, may be called. */
  allowPrivateNetwork: boolean;
}

export type AlertTestCommand =
  | { kind: 'test'; options: AlertTestOptions }
  | { kind: 'help' }
  | { kind: 'misused'; mistakes: string[] };

export const USAGE = `Usage: npm run -s alert-test -- --config FILE [options]

Sends a test message to each alert channel of FILE, and says what each answered.

  --config FILE             providers.json whose "alerts" are tested
  --json                    print a JSON array, in the file's order, and nothing else
  --allow-private-network   allow private and loopback addresses, and http
  --help                    this text

Exit status: 0 all took it, 1 some did not, 2 the configuration or the command line is wrong.
`;

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean' },
  'allow-private-network': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function parseAlertTestOptions(args: readonly string[]): AlertTestCommand {
  // Not strict: that stops at the first mistake.
  const { values, tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  if (values.help) return { kind: 'help' };
  const mistakes = tokens.flatMap((token, index) => {
    if (token.kind === 'positional') return [`"${token.value}": expected an option.`];
    if (token.kind !== 'option') return [];
    if (!Object.hasOwn(OPTIONS, token.name)) return [`${token.rawName}: there is no such option.`];
    const isFlag = OPTIONS[token.name as keyof typeof OPTIONS].type === 'boolean';
    if (isFlag && token.value !== undefined) return [`--${token.name}: expected no value, got "${token.value}".`];
    if (!isFlag && !token.value) return [`--${token.name}: expected a value, got none.`];
    const isRepeated = tokens.slice(0, index).some((other) => other.kind === 'option' && other.name === token.name);
    return isRepeated ? [`--${token.name}: expected once, got it again.`] : [];
  });
  if (!tokens.some((token) => token.kind === 'option' && token.name === 'config')) {
    mistakes.push('--config: expected the path of a providers.json, got none.');
  }
  if (mistakes.length > 0) return { kind: 'misused', mistakes };
  return {
    kind: 'test',
    options: {
      configFile: String(values.config),
      json: values.json === true,
      allowPrivateNetwork: values['allow-private-network'] === true,
    },
  };
}
