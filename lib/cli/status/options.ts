/** The command line of `npm run status`: every mistake in it at once. */

import { readCommandLine } from '../flags.ts';

export type StatusTarget =
  | { kind: 'table'; tableName: string; region: string | null; endpoint: string | null }
  | {
      kind: 'api';
      /** Without a trailing slash. */
      url: string;
      auth: 'none' | 'iam' | 'bearer';
      /** Variable that holds the token of `bearer`. */
      tokenVariable: string;
    };

export interface StatusOptions {
  target: StatusTarget;
  /** Only providers that carry it; null: all. */
  tag: string | null;
  json: boolean;
  /** Null: once. */
  watchSeconds: number | null;
}

export type StatusCommand =
  | { kind: 'status'; options: StatusOptions }
  | { kind: 'help' }
  | { kind: 'misused'; mistakes: string[] };

export const USAGE = `Usage: npm run -s status -- (--url URL | --table NAME) [options]

Prints what is believed of every provider. Probes nothing.

  --url URL            the API, such as http://127.0.0.1:3000
  --auth HOW           how the API is asked: none (default), iam (AWS credentials) or bearer
  --token-env NAME     variable with the token of bearer (default: PROVIDER_HEALTH_TOKEN)
  --table NAME         the table, read with AWS credentials
  --region REGION      of the table (default: AWS_REGION)
  --endpoint URL       another DynamoDB, such as the local monitor's
  --tag TAG            only providers that carry this tag
  --json               print a JSON array of statuses and nothing else; with --watch one a line
  --watch              print again every 5 seconds, until Ctrl-C
  --every-seconds N    the same every N seconds, 1 to 3600
  --help               this text

Exit status: 0 all enabled providers are usable, 1 some are not or not known, 2 the command line is wrong,
3 the statuses cannot be read.
`;

const OPTIONS = {
  url: { type: 'string' },
  auth: { type: 'string' },
  'token-env': { type: 'string' },
  table: { type: 'string' },
  region: { type: 'string' },
  endpoint: { type: 'string' },
  tag: { type: 'string' },
  json: { type: 'boolean' },
  watch: { type: 'boolean' },
  'every-seconds': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type OptionName = keyof typeof OPTIONS;

const USUAL_TOKEN_VARIABLE = 'PROVIDER_HEALTH_TOKEN';
const WATCH_SECONDS = 5;
const WATCH_RANGE = [1, 3600] as const;
const AUTHS = ['none', 'iam', 'bearer'] as const;
/** What only one of the two targets takes. */
const OF_TABLE: readonly OptionName[] = ['region', 'endpoint'];
const OF_API: readonly OptionName[] = ['auth', 'token-env'];

export function parseStatusOptions(args: readonly string[]): StatusCommand {
  const line = readCommandLine(args, OPTIONS);
  if (line.isHelpAsked) return { kind: 'help' };
  const { mistakes } = line;

  const [url, table] = [line.text('url'), line.text('table')];
  if (line.isGiven('url') === line.isGiven('table')) {
    mistakes.push(`--url, --table: expected one of them, got ${line.isGiven('url') ? 'both' : 'none'}.`);
  }
  if (url !== null) mistakes.push(...strangers(OF_TABLE, '--table'));
  if (table !== null && url === null) mistakes.push(...strangers(OF_API, '--url'));
  for (const name of ['url', 'endpoint'] as const) {
    const given = line.text(name);
    if (given !== null && !isHttpUrl(given))
      mistakes.push(`--${name}: expected an http:// or https:// URL, got "${given}".`);
  }
  const auth = AUTHS.find((one) => one === (line.text('auth') ?? 'none'));
  if (!auth) mistakes.push(`--auth: expected ${AUTHS.join(', ')}, got "${line.text('auth')}".`);
  const watchSeconds = line.number('every-seconds', WATCH_RANGE) ?? (line.isSet('watch') ? WATCH_SECONDS : null);
  if (mistakes.length > 0 || !auth) return { kind: 'misused', mistakes };

  const target: StatusTarget =
    url === null
      ? { kind: 'table', tableName: table ?? '', region: line.text('region'), endpoint: line.text('endpoint') }
      : {
          kind: 'api',
          url: url.replace(/\/+$/, ''),
          auth,
          tokenVariable: line.text('token-env') ?? USUAL_TOKEN_VARIABLE,
        };
  return { kind: 'status', options: { target, tag: line.text('tag'), json: line.isSet('json'), watchSeconds } };

  function strangers(names: readonly OptionName[], owner: string): string[] {
    return names.filter(line.isGiven).map((name) => `--${name}: goes with ${owner} only.`);
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
