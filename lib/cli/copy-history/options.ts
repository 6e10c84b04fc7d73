/** Parses the command line of `copy-history`, and lists every mistake at once. */

import { LOCAL_DEFAULTS } from '../../local/settings.ts';
import type { Parsed } from '../command.ts';
import { isHttpUrl, readCommandLine } from '../flags.ts';

export interface CopyHistoryOptions {
  /** Data folder of a local monitor that is not running. */
  dataFolder: string;
  /** The table's name in that folder. */
  fromTable: string;
  /** The name of the table to copy to. */
  toTable: string;
  /** AWS region of that table; null: from the environment. */
  region: string | null;
  /** URL of that table's DynamoDB; null: the region's. */
  endpoint: string | null;
}

export const USAGE = `Usage: provider-health copy-history --data DIR --to TABLE [options]

Copies checks, hours, days, transitions and registered providers from the folder of a stopped local monitor into a table.
Overwrites nothing there, so it can be run again.

  --data DIR        folder of the local monitor
  --to TABLE        table of the deployed monitor (output TableName)
  --region NAME     its region (default: as the AWS SDK finds it)
  --endpoint URL    its DynamoDB (default: the region's)
  --table NAME      table in the folder (default: provider-health)
  --help            this text

Exit status: 0 copied, 1 the copy failed before its end, 2 the command line is wrong.
`;

const OPTIONS = {
  data: { type: 'string' },
  to: { type: 'string' },
  region: { type: 'string' },
  endpoint: { type: 'string' },
  table: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function parseCopyHistoryOptions(args: readonly string[]): Parsed<CopyHistoryOptions> {
  const line = readCommandLine(args, OPTIONS);
  if (line.isHelpAsked) return { kind: 'help' };
  const { mistakes } = line;
  if (!line.isGiven('data')) mistakes.push('--data: expected the folder of a local monitor, got none.');
  if (!line.isGiven('to')) mistakes.push('--to: expected the name of a table, got none.');
  const endpoint = line.valid('endpoint', isHttpUrl, 'an http:// or https:// URL');
  const [dataFolder, toTable] = [line.text('data'), line.text('to')];
  if (mistakes.length > 0 || dataFolder === null || toTable === null) return { kind: 'misused', mistakes };
  const fromTable = line.text('table') ?? LOCAL_DEFAULTS.tableName;
  return { kind: 'run', options: { dataFolder, fromTable, toTable, region: line.text('region'), endpoint } };
}
