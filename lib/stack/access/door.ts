/**
 * Decides from the options what API Gateway requires on each kind of route, and what the functions themselves require.
 */

import {
  type AccessSettings,
  checkAccess,
  hasOperators,
  type Proof,
  type Proofs,
  type Role,
} from '../../config/access.ts';
import { ConfigError } from '../../config/error.ts';
import type { ApiDomain } from '../api-domain.ts';
import type { JwtOptions } from '../jwt.ts';

/** `iam`: requests signed with AWS credentials. `public`: everybody. The others have options of their own. */
export const READ_ACCESS = ['iam', 'public', 'jwt', 'password', 'oidc'] as const;
export type ReadAccess = (typeof READ_ACCESS)[number];

/**
 * A secret that admits everybody who has it: as the password of HTTP Basic, with any user name, or as a Bearer token.
 */
export interface PasswordOptions {
  /** Names the secret in the log, such as `prometheus`. */
  readonly name: string;
  /**
   * Reference, such as `ssm:/provider-health/page` or `secret:name#field`. The secret must have at least 12 characters.
   */
  readonly secret: string;
  /** An operator may also start checks, pause, register and remove providers. @default "reader" */
  readonly role?: Role;
}

/** People sign in at an OpenID Connect issuer: authorization code with PKCE, then a signed cookie for 8 hours. */
export interface OidcOptions {
  /** The issuer, as in the tokens' `iss`: `https://login.example.com/`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Reference to the client's secret. @default - a public client */
  readonly clientSecret?: string;
  /** Reference to a random text. It signs the cookies. @default - the client's secret */
  readonly cookieSecret?: string;
  /** Requested scopes besides `openid`. @default ["profile", "email"] */
  readonly scopes?: readonly string[];
  /** Claim of the ID token that lists the person's groups. @default "groups" */
  readonly groupsClaim?: string;
  /** Groups that may read. @default - all users that the issuer signs in */
  readonly readerGroups?: readonly string[];
  /** Groups that may also start checks, pause, register and remove providers. @default - nobody */
  readonly operatorGroups?: readonly string[];
}

/** Options that decide who may call the API. */
export interface DoorOptions {
  /**
   * Who may read the API and the status page: `iam`, `public`, `jwt`, `password` or `oidc`.
   * @default - by the other options: `public` with publicStatus, `oidc` with oidc, `password` with passwords, `jwt`
   * with jwt, and `iam` without any: requests must be signed with AWS credentials that may `execute-api:Invoke`
   */
  readonly readAccess?: ReadAccess;
  /** The same as `readAccess: "public"`. Writes and manual checks are never open. @default false */
  readonly publicStatus?: boolean;
  /** Tokens that API Gateway accepts. @default - none */
  readonly jwt?: JwtOptions;
  /** Accepted passwords, for browsers, Prometheus, feed readers and programs. @default - none */
  readonly passwords?: readonly PasswordOptions[];
  /** The issuer at which people sign in. @default - no sign-in */
  readonly oidc?: OidcOptions;
  /** A domain of your own in front of the API. @default - API Gateway's own address */
  readonly domain?: ApiDomain;
  /**
   * Address of the monitor for people, such as `https://health.example.com`, if it is not the API's own: a CDN, for
   * example.
   * @default - the domain, or API Gateway's own address
   */
  readonly publicUrl?: string;
}

/** What API Gateway requires before it calls the function. `none`: nothing, since the function decides itself. */
export type GatewayAccess = 'iam' | 'jwt' | 'none';

export interface Door {
  reads: GatewayAccess;
  writes: GatewayAccess;
  /** Null: the functions accept every request that API Gateway lets through. */
  settings: AccessSettings | null;
  /** For the OpenAPI document. */
  proofs: Proofs;
  /** Address of the monitor for people; null: API Gateway's own address, which is not known before the deployment. */
  publicUrl: string | null;
}

/** @throws {ConfigError} With every mistake. */
export function doorOf(options: DoorOptions): Door {
  const readAccess = readAccessOf(options);
  checkCombination(readAccess, options);
  const settings: AccessSettings = {
    publicReads: readAccess === 'public',
    passwords: (options.passwords ?? []).map(({ name, secret, role = 'reader' }) => ({
      name,
      role,
      reference: secret,
    })),
    oidc: oidcOf(options.oidc),
    publicUrl: publicUrlOf(options),
  };
  checkAccess(settings);
  const isAsked = settings.passwords.length > 0 || settings.oidc !== null;
  const atGateway = options.jwt ? 'jwt' : 'iam';
  const reads: GatewayAccess = readAccess === 'iam' || readAccess === 'jwt' ? readAccess : 'none';
  const writes: GatewayAccess = hasOperators(settings) ? 'none' : atGateway;
  const { publicUrl } = settings;
  return { reads, writes, settings: isAsked ? settings : null, proofs: proofsOf(settings, reads, writes), publicUrl };
}

function proofsOf(
  { publicReads, passwords, oidc }: AccessSettings,
  reads: GatewayAccess,
  writes: GatewayAccess,
): Proofs {
  const asked: Proof[] = [
    ...(passwords.length > 0 ? (['basic', 'bearer'] as const) : []),
    ...(oidc ? (['session'] as const) : []),
  ];
  const atDoor = (access: GatewayAccess): Proof[] => (access === 'none' ? asked : [access]);
  return { reads: publicReads ? [] : atDoor(reads), writes: atDoor(writes) };
}

function publicUrlOf({ publicUrl, domain }: Pick<DoorOptions, 'publicUrl' | 'domain'>): string | null {
  return publicUrl ?? (domain ? `https://${domain.domainName}` : null);
}

function readAccessOf({ readAccess, publicStatus, jwt, passwords, oidc }: DoorOptions): ReadAccess {
  if (readAccess !== undefined) return readAccess;
  if (publicStatus) return 'public';
  if (oidc) return 'oidc';
  if (passwords && passwords.length > 0) return 'password';
  return jwt ? 'jwt' : 'iam';
}

function checkCombination(readAccess: ReadAccess, { publicStatus, jwt, passwords = [], oidc }: DoorOptions): void {
  const fail = (message: string): never => {
    throw new ConfigError([{ path: 'readAccess', message }]);
  };
  if (!READ_ACCESS.includes(readAccess)) {
    fail(`expected ${READ_ACCESS.join(', ')}, got ${JSON.stringify(readAccess)}`);
  }
  if (publicStatus && readAccess !== 'public')
    fail(`expected "public", since publicStatus is set, got "${readAccess}"`);
  if (readAccess === 'jwt' && !jwt) fail('"jwt": expected the option jwt with an issuer and its audience, got none');
  if (readAccess === 'oidc' && !oidc) fail('"oidc": expected the option oidc with an issuer and a client, got none');
  if (readAccess === 'password' && passwords.length === 0) {
    fail('"password": expected at least one of passwords, got none');
  }
  if (oidc && readAccess !== 'oidc' && readAccess !== 'public') {
    fail(`expected "oidc" or "public", since the option oidc is set, got "${readAccess}"`);
  }
  if (passwords.length > 0 && (readAccess === 'iam' || readAccess === 'jwt')) {
    fail(`expected "password", "oidc" or "public", since there are passwords, got "${readAccess}"`);
  }
}

function oidcOf(oidc: OidcOptions | undefined): AccessSettings['oidc'] {
  if (oidc === undefined) return null;
  const { clientSecret = null } = oidc;
  return {
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    clientSecret,
    cookieSecret: oidc.cookieSecret ?? clientSecret ?? '',
    scopes: oidc.scopes ?? ['profile', 'email'],
    groupsClaim: oidc.groupsClaim ?? 'groups',
    readerGroups: oidc.readerGroups ?? null,
    operatorGroups: oidc.operatorGroups ?? [],
  };
}
