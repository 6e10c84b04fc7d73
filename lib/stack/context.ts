/** Reads the settings of `cdk … -c name=value` as options of the stack. A wrong value stops the synthesis. */

import { existsSync } from 'node:fs';
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Node } from 'constructs';
import { ConfigError } from '../config/error.ts';
import { type DoorOptions, type OidcOptions, type PasswordOptions, READ_ACCESS } from './access/door.ts';
import { TICK_SECONDS, type TickSeconds } from './functions/check-function.ts';
import type { JwtOptions } from './jwt.ts';
import type { ProviderHealthOptions } from './options.ts';

/** The default of `-c config=FILE`. */
export const CONFIG_FILE = 'providers.json';

/**
 * Reads the settings that docs/deploy.md lists. Lists (audiences, groups, origins, prefixes) are separated by commas.
 *
 * @throws {ConfigError} When a value is not what was expected.
 */
export function optionsFrom(node: Node): ProviderHealthOptions {
  return {
    tickSeconds: tickSeconds(node),
    shards: count(node, 'shards'),
    ...doorFrom(node),
    allowPrivateNetwork: flag(node, 'allowPrivateNetwork'),
    providerList: text(node, 'providerList'),
    keyPrefixes: list(node, 'keyPrefixes'),
    ...concurrency(node),
    tracing: flag(node, 'tracing'),
    runbookUrl: text(node, 'runbookUrl'),
    tableStreamArn: text(node, 'tableStreamArn'),
    removalPolicy: removalPolicy(node),
    alarmEmail: text(node, 'alarmEmail'),
    metricsPerProvider: flag(node, 'metricsPerProvider'),
    dashboard: flag(node, 'dashboard'),
  };
}

/**
 * The file that `-c config=FILE` names, else providers.json. Null when there is no providers.json, so that a fresh
 * checkout can be synthesized too.
 *
 * @throws {ConfigError} When the named file does not exist.
 */
export function configFileFrom(node: Node): string | null {
  const named = text(node, 'config');
  if (named === undefined) return existsSync(CONFIG_FILE) ? CONFIG_FILE : null;
  if (!existsSync(named)) throw unexpected('config', 'the path of a providers.json', `${named}, which does not exist`);
  return named;
}

/** @throws {ConfigError} */
function doorFrom(node: Node): DoorOptions & Pick<ProviderHealthOptions, 'cors'> {
  const allowOrigins = list(node, 'corsOrigins');
  return {
    readAccess: oneOf(node, 'readAccess', READ_ACCESS),
    publicStatus: flag(node, 'publicStatus'),
    jwt: jwt(node),
    passwords: passwords(node),
    oidc: oidc(node),
    publicUrl: text(node, 'publicUrl'),
    cors: allowOrigins && { allowOrigins },
  };
}

function passwords(node: Node): PasswordOptions[] | undefined {
  const given = [
    { name: 'reader', role: 'reader', secret: text(node, 'password') },
    { name: 'operator', role: 'operator', secret: text(node, 'operatorPassword') },
  ] as const;
  const found = given.flatMap(({ secret, ...rest }) => (secret === undefined ? [] : { ...rest, secret }));
  return found.length === 0 ? undefined : found;
}

function oidc(node: Node): OidcOptions | undefined {
  const issuer = text(node, 'oidcIssuer');
  const clientId = text(node, 'oidcClientId');
  if (issuer === undefined && clientId === undefined) return undefined;
  if (issuer === undefined) throw unexpected('oidcIssuer', 'the issuer, since oidcClientId is set', 'nothing');
  if (clientId === undefined)
    throw unexpected('oidcClientId', 'the id of the client, since oidcIssuer is set', 'nothing');
  return {
    issuer,
    clientId,
    clientSecret: text(node, 'oidcClientSecret'),
    cookieSecret: text(node, 'oidcCookieSecret'),
    readerGroups: list(node, 'oidcReaderGroups'),
    operatorGroups: list(node, 'oidcOperatorGroups'),
  };
}

function removalPolicy(node: Node): RemovalPolicy | undefined {
  const policy = oneOf(node, 'removalPolicy', ['retain', 'destroy']);
  return policy && { retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY }[policy];
}

function oneOf<const Word extends string>(node: Node, name: string, words: readonly Word[]): Word | undefined {
  const value = text(node, name);
  const known = words.find((word) => word === value);
  if (value !== undefined && known === undefined) throw unexpected(name, words.join(', '), JSON.stringify(value));
  return known;
}

function text(node: Node, name: string): string | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw unexpected(name, 'a text', JSON.stringify(value));
}

/** Values from the command line are texts; values from cdk.json have their own types. */
function flag(node: Node, name: string): boolean | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return undefined;
  if (String(value) === 'true') return true;
  if (String(value) === 'false') return false;
  throw unexpected(name, 'true or false', JSON.stringify(value));
}

function tickSeconds(node: Node): TickSeconds | undefined {
  const value: unknown = node.tryGetContext('tickSeconds');
  if (value === undefined) return undefined;
  const known = TICK_SECONDS.find((seconds) => String(seconds) === String(value));
  if (known === undefined) throw unexpected('tickSeconds', TICK_SECONDS.join(', '), JSON.stringify(value));
  return known;
}

/** Both settings form one option. Without either, the option is left out, so that the stack's default counts. */
function concurrency(node: Node): Pick<ProviderHealthOptions, 'concurrency'> {
  const reads = count(node, 'readConcurrency');
  const writes = count(node, 'writeConcurrency');
  if (reads === undefined && writes === undefined) return {};
  return { concurrency: { ...(reads && { reads }), ...(writes && { writes }) } };
}

function count(node: Node, name: string): number | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(String(value))) return Number(value);
  throw unexpected(name, 'a whole number above 0', JSON.stringify(value));
}

function jwt(node: Node): JwtOptions | undefined {
  const issuer = text(node, 'jwtIssuer');
  const audience = list(node, 'jwtAudience');
  const writeScopes = list(node, 'jwtWriteScopes');
  const readScopes = list(node, 'jwtReadScopes');
  const given = Object.entries({
    jwtIssuer: issuer,
    jwtAudience: audience,
    jwtWriteScopes: writeScopes,
    jwtReadScopes: readScopes,
  });
  const [first] = given.flatMap(([name, value]) => (value === undefined ? [] : name));
  if (first === undefined) return undefined;
  const missing = (name: string, what: string) => unexpected(name, `${what}, since ${first} is set`, 'nothing');
  if (issuer === undefined) throw missing('jwtIssuer', 'the issuer of the tokens');
  if (audience === undefined) throw missing('jwtAudience', 'an audience');
  if (writeScopes === undefined) throw missing('jwtWriteScopes', 'the scopes that allow changes and manual checks');
  return { issuer, audience, writeScopes, ...(readScopes && { readScopes }) };
}

/** Texts separated by commas. */
function list(node: Node, name: string): string[] | undefined {
  return text(node, name)
    ?.split(',')
    .map((item) => item.trim());
}

function unexpected(name: string, expected: string, got: string): ConfigError {
  return new ConfigError([{ path: `-c ${name}`, message: `expected ${expected}, got ${got}` }]);
}
