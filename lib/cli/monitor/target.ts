/** Which monitor a command reads, from its flags: an API by its URL, or a table by its name. */

import { type CommandLine, isHttpUrl } from '../flags.ts';

export type MonitorTarget =
  | { kind: 'table'; tableName: string; region: string | null; endpoint: string | null }
  | {
      kind: 'api';
      /** Without a trailing slash. */
      url: string;
      auth: 'none' | 'iam' | 'bearer';
      /** Variable that holds the token of `bearer`. */
      tokenVariable: string;
    };

export const TARGET_USAGE = `  --url URL            the API, such as http://127.0.0.1:3000
  --auth HOW           how to authorize: none (default), iam (AWS credentials) or bearer
  --token-env NAME     variable that holds the bearer token (default: PROVIDER_HEALTH_TOKEN)
  --table NAME         the table, read with AWS credentials
  --region REGION      region of the table (default: AWS_REGION)
  --endpoint URL       another DynamoDB, such as the local monitor's`;

export const TARGET_OPTIONS = {
  url: { type: 'string' },
  auth: { type: 'string' },
  'token-env': { type: 'string' },
  table: { type: 'string' },
  region: { type: 'string' },
  endpoint: { type: 'string' },
} as const;

type TargetOption = keyof typeof TARGET_OPTIONS;

const DEFAULT_TOKEN_VARIABLE = 'PROVIDER_HEALTH_TOKEN';
const AUTHS = ['none', 'iam', 'bearer'] as const;
/** Options that only one of the two targets takes. */
const TABLE_OPTIONS: readonly TargetOption[] = ['region', 'endpoint'];
const API_OPTIONS: readonly TargetOption[] = ['auth', 'token-env'];

/** The target that the flags name. Adds mistakes to the line; with mistakes, the returned target must not be used. */
export function targetOf(line: CommandLine<TargetOption>): MonitorTarget {
  const [url, table] = [line.valid('url', isHttpUrl, 'an http:// or https:// URL'), line.text('table')];
  if (line.isGiven('url') === line.isGiven('table')) {
    line.mistakes.push(`--url, --table: expected one of them, got ${line.isGiven('url') ? 'both' : 'none'}.`);
  }
  const misplaced = (names: readonly TargetOption[], owner: string) =>
    names.filter(line.isGiven).map((name) => `--${name}: goes with ${owner} only.`);
  if (line.isGiven('url')) line.mistakes.push(...misplaced(TABLE_OPTIONS, '--table'));
  else if (line.isGiven('table')) line.mistakes.push(...misplaced(API_OPTIONS, '--url'));
  const endpoint = line.valid('endpoint', isHttpUrl, 'an http:// or https:// URL');
  const auth = line.oneOf('auth', AUTHS) ?? 'none';
  if (url === null) return { kind: 'table', tableName: table ?? '', region: line.text('region'), endpoint };
  const tokenVariable = line.text('token-env') ?? DEFAULT_TOKEN_VARIABLE;
  return { kind: 'api', url: url.replace(/\/+$/, ''), auth, tokenVariable };
}
