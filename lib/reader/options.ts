/** The options of a reader, and the checks of their values. */

import type { MonotonicClock } from '../base/clock.ts';
import { isLoopbackHost } from '../base/loopback.ts';
import { STALE_POLICIES, type StalePolicy } from '../health/select.ts';
import { TABLE_NAME_VARIABLE } from '../store/env.ts';
import {
  ANYTHING,
  CLOCK,
  expect,
  expectIds,
  expectOptions,
  FUNCTION,
  oneOf,
  ReaderError,
  type Rules,
  within,
} from './error.ts';
import type { ReaderProblem } from './problem.ts';
import { AUTH_TYPES, type ReaderAuth } from './sources/auth.ts';
import type { DynamoClient } from './sources/aws.ts';
import type { ReaderSource } from './sources/source.ts';

interface CommonOptions<Id extends string> {
  /**
   * Ids of the providers that this program can call. Selection never returns another. When no status is known, they are tried in
   * this order.
   */
  providers: readonly Id[];
  /** How many seconds a copy of the statuses is used before the next read, 1 to 300. Default 5. */
  cacheSeconds?: number;
  /** How many milliseconds an answer may wait for the statuses, 0 to 10 000. Default 100. */
  budgetMs?: number;
  /**
   * How a status that is older than 3 intervals counts, and a provider that the monitor does not know. Default `assume-healthy`:
   * usable, but after all others.
   */
  whenStale?: StalePolicy;
  /**
   * Called for each read that failed or was incomplete, and for an answer without any read, at most twice in `cacheSeconds`. Use
   * it to write a log. Default: `console.warn`, once for each code.
   */
  onProblem?: (problem: ReaderProblem) => void;
  /** Default: the process's clocks. */
  clock?: MonotonicClock;
  /** Returns numbers from 0 (inclusive) to 1 (exclusive), for `weighted`. Default `Math.random`. */
  random?: () => number;
}

/** The monitor's table. */
export interface TableTarget {
  /** Default: the variable PROVIDER_HEALTH_TABLE_NAME. The stack sets it in functions that may read the table. */
  tableName?: string;
  /** A client of the AWS SDK, if the program already has one. Default: the reader's own client. */
  client?: DynamoClient;
  /** Default: the region that the AWS SDK finds. Not together with `client`. */
  region?: string;
  /** URL of another DynamoDB, such as that of the local monitor. Not together with `client`. */
  endpoint?: string;
  url?: never;
  auth?: never;
  source?: never;
}

/** The monitor's HTTP API. */
export interface HttpTarget {
  /** URL of the API, with its stage if it has one. https, or http on loopback. */
  url: string | URL;
  auth: ReaderAuth;
  tableName?: never;
  client?: never;
  region?: never;
  endpoint?: never;
  source?: never;
}

/** A source of statuses that a function of this package creates, such as `ofRegions`. */
export interface SourceTarget {
  source: ReaderSource;
  tableName?: never;
  client?: never;
  region?: never;
  endpoint?: never;
  url?: never;
  auth?: never;
}

/** A reader of the table. It needs the right `dynamodb:Query` on the table. */
export interface TableReaderOptions<Id extends string = string> extends CommonOptions<Id>, TableTarget {}

/** A reader of the HTTP API. */
export interface HttpReaderOptions<Id extends string = string> extends CommonOptions<Id>, HttpTarget {}

/** A reader of a source. */
export interface SourceReaderOptions<Id extends string = string> extends CommonOptions<Id>, SourceTarget {}

export type ReaderOptions<Id extends string = string> =
  | TableReaderOptions<Id>
  | HttpReaderOptions<Id>
  | SourceReaderOptions<Id>;

const COMMON: Rules = {
  providers: ANYTHING,
  source: FUNCTION,
  cacheSeconds: within(1, 300),
  budgetMs: within(0, 10_000),
  whenStale: oneOf(...STALE_POLICIES),
  onProblem: FUNCTION,
  random: FUNCTION,
  clock: CLOCK,
};
const TABLE: Rules = { tableName: ANYTHING, client: ANYTHING, region: ANYTHING, endpoint: ANYTHING };
const HTTP: Rules = { url: ANYTHING, auth: ANYTHING };

export function isHttp(target: TableTarget | HttpTarget | SourceTarget): target is HttpTarget {
  return target.url !== undefined;
}

/** @throws {ReaderError} */
export function checkOptions(options: ReaderOptions): void {
  expect(Object(options) === options, 'options', 'an object with `providers`', options);
  expectTarget(COMMON, options);
  expectIds(options.providers);
}

/**
 * Checks options that name a target. Those of another kind of target are refused, because they would have no effect.
 *
 * @param common The options beside the target.
 * @param where Comes before the name of an option.
 * @throws {ReaderError}
 */
export function expectTarget(common: Rules, target: TableTarget | HttpTarget | SourceTarget, where = ''): void {
  const [place, rules]: [string, Rules] =
    common.source && target.source
      ? ['beside `source`', {}]
      : isHttp(target)
        ? ['beside `url`', HTTP]
        : ['without `url`', TABLE];
  const other = Object.keys({ ...TABLE, ...HTTP }).find((name) => Object.hasOwn(target, name) && !(name in rules));
  if (other) throw new ReaderError(where + other, `expected no such option ${place}, got one.`);
  expectOptions({ ...common, ...rules }, target, where);
}

/** @throws {ReaderError} */
export function tableNameOf({ tableName = process.env[TABLE_NAME_VARIABLE] }: TableTarget): string {
  const wanted = `the name of the monitor's table, here or in ${TABLE_NAME_VARIABLE}, or \`url\``;
  // The name of a table, or the ARN of a table in another account.
  expect(/^[\w.:/-]{3,}$/.test(tableName ?? ''), 'tableName', wanted, tableName);
  return tableName ?? '';
}

const FIT_URL = 'an https URL without user name, query and fragment, or http on loopback or with auth none';

/** The base URL, without a slash at the end. @throws {ReaderError} */
export function baseUrlOf({ url, auth }: HttpTarget): string {
  const [isType, types] = oneOf(...AUTH_TYPES);
  expect(isType(auth?.type), 'auth.type', types, auth?.type);
  const isToken = auth.type !== 'bearer' || auth.token;
  expect(isToken, 'auth.token', 'a token, or a function that returns one', '');
  const text = String(url);
  const { protocol, host, hostname } = new URL(URL.canParse(text) ? text : 'none:');
  const isOpen = auth.type === 'none' || isLoopbackHost(hostname);
  const hasOtherPart = /[?#@]/.test(text);
  // Over http, others could read the authorization.
  if (hasOtherPart || !(protocol === 'https:' || (protocol === 'http:' && isOpen))) {
    // User name, password, path and query may be secrets. `localhost:3000` is a URL whose scheme is `localhost`.
    const shown = host ? `${protocol}//${host}` : `${typeof url} without https:// or http://`;
    const got = `${shown}${hasOtherPart ? ' and such a part' : ''} with auth ${auth.type}`;
    throw new ReaderError('url', `expected ${FIT_URL}, got ${got}.`);
  }
  return text.replace(/\/+$/, '');
}
