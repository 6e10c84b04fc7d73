/** The options of a reader, and which values are refused. */

import type { MonotonicClock } from '../base/clock.ts';
import { isLoopbackHost } from '../base/loopback.ts';
import { STALE_POLICIES, type StalePolicy } from '../health/select.ts';
import { TABLE_NAME_VARIABLE } from '../store/env.ts';
import { anything, expect, expectIds, expectOptions, FUNCTION, oneOf, type Rules, within } from './error.ts';
import type { ReaderProblem } from './problem.ts';
import { AUTH_TYPES, type ReaderAuth } from './sources/auth.ts';
import type { DynamoClient } from './sources/aws.ts';
import type { ReaderSource } from './sources/source.ts';

interface CommonOptions<Id extends string> {
  /**
   * Ids of the providers that this program can call, in the order to try them when nothing is known of them. Selection
   * never names another.
   */
  providers: readonly Id[];
  /** How long a copy of the statuses is used without asking again, 1 to 300. Default 5. */
  cacheSeconds?: number;
  /** How long an answer may wait for the statuses, 0 to 10 000. Default 100. */
  budgetMs?: number;
  /** What a status older than 3 intervals, or a provider that the monitor does not know, counts as. Default `assume-healthy`: usable, but last. */
  whenStale?: StalePolicy;
  /**
   * Called for each read that failed or brought less than it should, and for an answer without one, at
   * most twice in `cacheSeconds`; for a log. Default: `console.warn`, once for each code.
   */
  onProblem?: (problem: ReaderProblem) => void;
  /** Default: the process's clocks. */
  clock?: MonotonicClock;
  /** Numbers from 0 (inclusive) to 1, for `weighted`. Default `Math.random`. */
  random?: () => number;
}

/** The monitor's table. */
export interface TableTarget {
  /** Default: the variable PROVIDER_HEALTH_TABLE_NAME, which the stack sets where it grants the table. */
  tableName?: string;
  /** A client of the AWS SDK that the program has anyway. Default: one of the reader's own. */
  client?: DynamoClient;
  /** Default: as the AWS SDK finds it. Not with `client`. */
  region?: string;
  /** URL of another DynamoDB than the region's, such as the local monitor's. Not with `client`. */
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

/** Statuses from where a function of this package reads them, such as `ofRegions`. */
export interface SourceTarget {
  source: ReaderSource;
  tableName?: never;
  client?: never;
  region?: never;
  endpoint?: never;
  url?: never;
  auth?: never;
}

/** Reads the table. Needs `dynamodb:Query` on it. */
export interface TableReaderOptions<Id extends string = string> extends CommonOptions<Id>, TableTarget {}

/** Asks the HTTP API. */
export interface HttpReaderOptions<Id extends string = string> extends CommonOptions<Id>, HttpTarget {}

/** Reads what its source reads. */
export interface SourceReaderOptions<Id extends string = string> extends CommonOptions<Id>, SourceTarget {}

export type ReaderOptions<Id extends string = string> =
  | TableReaderOptions<Id>
  | HttpReaderOptions<Id>
  | SourceReaderOptions<Id>;

const COMMON: Rules = {
  ...anything('providers'),
  source: FUNCTION,
  cacheSeconds: within(1, 300),
  budgetMs: within(0, 10_000),
  whenStale: oneOf(...STALE_POLICIES),
  onProblem: FUNCTION,
  random: FUNCTION,
  clock: [(clock) => FUNCTION[0](Object(clock).monotonicMs), 'an object with now, monotonicMs and sleep'],
};
const TABLE = anything('tableName', 'client', 'region', 'endpoint');
const HTTP = anything('url', 'auth');

export function isHttp(target: TableTarget | HttpTarget | SourceTarget): target is HttpTarget {
  return target.url !== undefined;
}

/** @throws {ReaderError} */
export function checkOptions(options: ReaderOptions): void {
  expect(typeof options === 'object' && options !== null, 'options', 'an object with `providers`', options);
  expectOptions({ ...COMMON, ...(!options.source && rulesOf(options)) }, options);
  expectIds(options.providers);
}

/** Of a target: one of the other form would have no effect. */
export function rulesOf(target: TableTarget | HttpTarget | SourceTarget): Rules {
  return isHttp(target) ? HTTP : TABLE;
}

/** @throws {ReaderError} */
export function tableNameOf({ tableName = process.env[TABLE_NAME_VARIABLE] }: TableTarget): string {
  const wanted = `the name of the monitor's table, here or in ${TABLE_NAME_VARIABLE}, or \`url\``;
  // A name, or the ARN of a table in another account.
  expect(/^[\w.:/-]{3,}$/.test(tableName ?? ''), 'tableName', wanted, tableName);
  return tableName ?? '';
}

/** The base URL, without a trailing slash. @throws {ReaderError} */
export function baseUrlOf({ url, auth }: HttpTarget): string {
  const [isType, types] = oneOf(...AUTH_TYPES);
  expect(isType(auth?.type), 'auth.type', types, auth?.type);
  const isToken = auth.type !== 'bearer' || auth.token;
  expect(isToken, 'auth.token', 'a token, or a function that gives one', '');
  const { protocol, hostname } = new URL(URL.canParse(String(url)) ? url : 'none:');
  const isOpen = auth.type === 'none' || isLoopbackHost(hostname);
  // Over http the authorization could be read.
  const isFit = (protocol === 'https:' || (protocol === 'http:' && isOpen)) && !/[?#@]/.test(String(url));
  expect(isFit, 'url', 'an https URL, or http on loopback or with auth none', url);
  return String(url).replace(/\/+$/, '');
}
