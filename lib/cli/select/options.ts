/** Parses the command line of `select`, and lists every mistake at once. */

import { isProviderId } from '../../health/provider.ts';
import { type Selection, STALE_POLICIES, STRATEGIES } from '../../health/select.ts';
import type { Parsed } from '../command.ts';
import { readCommandLine } from '../flags.ts';
import { type MonitorTarget, TARGET_OPTIONS, TARGET_USAGE, targetOf } from '../monitor/target.ts';

export interface SelectOptions {
  target: MonitorTarget;
  selection: Selection;
  json: boolean;
}

export const USAGE = `Usage: provider-health select (--url URL | --table NAME) [options]

Prints the id of the provider to use now and nothing else: ID=$(provider-health select --url URL)

${TARGET_USAGE}
  --only IDS           choose among these, separated by commas
  --exclude IDS        never choose these
  --tag TAG            only providers with this tag
  --strategy HOW       best (default), or weighted: at random, weighted by routing score
  --when-stale HOW     what a stale status counts as: assume-healthy (default), last-known or assume-unhealthy
  --json               print all providers in the order to try them, as a JSON object
  --help               this text

Exit status: 0 the provider is usable, 1 no provider is (the best of them is printed), 2 the command line
is wrong, 3 the statuses cannot be read.
`;

const OPTIONS = {
  ...TARGET_OPTIONS,
  only: { type: 'string' },
  exclude: { type: 'string' },
  tag: { type: 'string' },
  strategy: { type: 'string' },
  'when-stale': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function parseSelectOptions(args: readonly string[]): Parsed<SelectOptions> {
  const line = readCommandLine(args, OPTIONS);
  if (line.isHelpAsked) return { kind: 'help' };
  const target = targetOf(line);
  const idsOf = (name: 'only' | 'exclude') => {
    const isList = (text: string) => text.split(',').every((id) => isProviderId(id.trim()));
    return line
      .valid(name, isList, 'ids of providers, separated by commas')
      ?.split(',')
      .map((id) => id.trim());
  };
  const [only, exclude, tag] = [idsOf('only'), idsOf('exclude'), line.text('tag')];
  const strategy = line.oneOf('strategy', STRATEGIES);
  const whenStale = line.oneOf('when-stale', STALE_POLICIES);
  if (line.mistakes.length > 0) return { kind: 'misused', mistakes: line.mistakes };
  const selection: Selection = {
    ...(only && { only }),
    ...(exclude && { exclude }),
    ...(tag !== null && { tag }),
    ...(strategy !== null && { strategy }),
    ...(whenStale !== null && { whenStale }),
  };
  return { kind: 'run', options: { target, selection, json: line.isSet('json') } };
}
