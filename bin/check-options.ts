/** The command line of `npm run check`: every mistake in it at once. */

import { parseArgs } from 'node:util';

export interface CheckOptions {
  /** Path of a providers.json. */
  configFile: string;
  /** Whether to print a JSON array of `HealthCheck` instead of a table. */
  json: boolean;
  /** Deadline of every probe, 0.1 to 600; null: what the configuration says. */
  timeoutSeconds: number | null;
  /** Whether private, loopback and link-local addresses, and http, may be probed. */
  allowPrivateNetwork: boolean;
}

export type CheckCommand =
  | { kind: 'check'; options: CheckOptions }
  | { kind: 'help' }
  | { kind: 'misused'; mistakes: string[] };

export const USAGE = `Usage: npm run -s check -- --config FILE [options]

Probes every enabled provider of FILE once, without repeating a failed probe, and prints a table.

  --config FILE             providers.json to check
  --json                    print a JSON array of health checks, in the file's order, and nothing else
  --timeout-seconds N       deadline of every probe, 0.1 to 600 (default: each provider's own)
  --allow-private-network   allow private and loopback addresses, and http
  --help                    this text

Exit status: 0 all healthy, 1 some not, 2 the configuration or the command line is wrong.
`;

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean' },
  'timeout-seconds': { type: 'string' },
  'allow-private-network': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Longer than anybody waits, yet enough for a local model that must be loaded first. */
const TIMEOUT_RANGE = [0.1, 600] as const;

export function parseCheckOptions(args: readonly string[]): CheckCommand {
  // Not strict: that stops at the first mistake.
  const { values, tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  if (values.help) return { kind: 'help' };
  const mistakes = tokens.flatMap((token, index) => {
    if (token.kind === 'positional') return [`"${token.value}": expected an option.`];
    if (token.kind !== 'option') return [];
    if (!(token.name in OPTIONS)) return [`${token.rawName}: there is no such option.`];
    const isFlag = OPTIONS[token.name as keyof typeof OPTIONS].type === 'boolean';
    if (isFlag && token.value !== undefined) return [`--${token.name}: expected no value, got "${token.value}".`];
    if (!isFlag && !token.value) return [`--${token.name}: expected a value, got none.`];
    const isRepeated = tokens.slice(0, index).some((other) => other.kind === 'option' && other.name === token.name);
    return isRepeated ? [`--${token.name}: expected once, got it again.`] : [];
  });
  if (!tokens.some((token) => token.kind === 'option' && token.name === 'config')) {
    mistakes.push('--config: expected the path of a providers.json, got none.');
  }
  const timeout = values['timeout-seconds'];
  const timeoutSeconds = typeof timeout === 'string' && timeout !== '' ? Number(timeout) : null;
  const [least, most] = TIMEOUT_RANGE;
  if (timeoutSeconds !== null && !(timeoutSeconds >= least && timeoutSeconds <= most)) {
    mistakes.push(`--timeout-seconds: expected a number from ${least} to ${most}, got "${timeout}".`);
  }
  if (mistakes.length > 0) return { kind: 'misused', mistakes };
  return {
    kind: 'check',
    options: {
      configFile: String(values.config),
      json: values.json === true,
      timeoutSeconds,
      allowPrivateNetwork: values['allow-private-network'] === true,
    },
  };
}
