/** Parses the command line of `status`, and lists every mistake at once. */

import type { Parsed } from '../command.ts';
import { readCommandLine } from '../flags.ts';
import { type MonitorTarget, TARGET_OPTIONS, TARGET_USAGE, targetOf } from '../monitor/target.ts';

export interface StatusOptions {
  target: MonitorTarget;
  /** Show only providers with this tag; null: all. */
  tag: string | null;
  json: boolean;
  /** Seconds between two reports; null: print once. */
  watchSeconds: number | null;
}

export const USAGE = `Usage: provider-health status (--url URL | --table NAME) [options]

Prints the status of every provider, those that do not work first. Sends no probe.

${TARGET_USAGE}
  --tag TAG            only providers with this tag
  --json               print a JSON array of statuses and nothing else; with --watch, an array a line
  --watch              print again every 5 seconds, until Ctrl-C
  --every-seconds N    like --watch, every N seconds, 1 to 3600
  --help               this text

Exit status: 0 all enabled providers are usable, 1 some are not, or are unknown, 2 the command line is wrong,
3 the statuses cannot be read.
`;

const OPTIONS = {
  ...TARGET_OPTIONS,
  tag: { type: 'string' },
  json: { type: 'boolean' },
  watch: { type: 'boolean' },
  'every-seconds': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const WATCH_SECONDS = 5;
const WATCH_RANGE = [1, 3600] as const;

export function parseStatusOptions(args: readonly string[]): Parsed<StatusOptions> {
  const line = readCommandLine(args, OPTIONS);
  if (line.isHelpAsked) return { kind: 'help' };
  const target = targetOf(line);
  const watchSeconds = line.number('every-seconds', WATCH_RANGE) ?? (line.isSet('watch') ? WATCH_SECONDS : null);
  if (line.mistakes.length > 0) return { kind: 'misused', mistakes: line.mistakes };
  return { kind: 'run', options: { target, tag: line.text('tag'), json: line.isSet('json'), watchSeconds } };
}
