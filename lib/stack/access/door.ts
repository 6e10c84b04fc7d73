/** Who may read and who may write -> what API Gateway asks for on each kind of route, and what the functions ask for. */

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

/** `iam`: requests signed by AWS credentials. `public`: all. The others have options of their own. */
export const READ_ACCESS = ['iam', 'public', 'jwt', 'password', 'oidc'] as const;
export type ReadAccess = (typeof READ_ACCESS)[number];

/** One secret that admits its holder, as the password of HTTP Basic (with any user name) or as a Bearer token. */
export interface PasswordOptions {
  /** Names the secret in the log, such as `prometheus`. */
  readonly name: string;
  /** Reference, such as `ssm:/provider-health/page` or `secret:name#field`. At least 12 characters must lie there. */
  readonly secret: string;
  /** An operator may also check by hand, pause, register and remove. @default "reader" */
  readonly role?: Role;
}

/** People sign in at an OpenID Connect issuer: authorization code with PKCE, then a signed cookie for 8 hours. */
export interface OidcOptions {
  /** As in the tokens' `iss`: `https://login.example.com/`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Reference to the client's secret. @default - a public client */
  readonly clientSecret?: string;
  /** Reference to a random text that cookies are signed with. @default - the client's secret */
  readonly cookieSecret?: string;
  /** Scopes that are asked for, beside `openid`. @default ["profile", "email"] */
  readonly scopes?: readonly string[];
  /** Claim of the ID token that has the person's groups. @default "groups" */
  readonly groupsClaim?: string;
  /** Groups whose members may read. @default - all users that the issuer signs in */
  readonly readerGroups?: readonly string[];
  /** Groups whose members may also check by hand, pause, register and remove. @default - no one */
  readonly operatorGroups?: readonly string[];
}

/** Who is let in. */
export interface DoorOptions {
  /**
   * Who may read the API and the status page: `iam`, `public`, `jwt`, `password` or `oidc`.
   * @default - by the other options: `public` with publicStatus, `oidc` with oidc, `password` with passwords, `jwt` with jwt,
   * and `iam` without any: requests must be signed by AWS credentials that may `execute-api:Invoke`
   */
  readonly readAccess?: ReadAccess;
  /** The same as `readAccess: "public"`. Writes and manual checks are never open. @default false */
  readonly publicStatus?: boolean;
  /** Tokens that are let in, by API Gateway. @default - none */
  readonly jwt?: JwtOptions;
  /** Secrets that are let in: for browsers, Prometheus, feeds and programs. @default - none */
  readonly passwords?: readonly PasswordOptions[];
  /** Where people sign in. @default - nowhere */
  readonly oidc?: OidcOptions;
  /** A domain of your own in front of the API. @default - API Gateway's own address */
  readonly domain?: ApiDomain;
  /**
   * Where people reach the monitor, such as `https://health.example.com`, when that is not the API itself: a CDN, say.
   * @default - the domain, or API Gateway's own address
   */
  readonly publicUrl?: string;
}

/** What API Gateway asks for before it calls the function; `none`: the function asks. */
export type GatewayAccess = 'iam' | 'jwt' | 'none';

export interface Door {
  reads: GatewayAccess;
  writes: GatewayAccess;
  /** Null: the functions ask for no proof. */
  settings: AccessSettings | null;
  /** For the description of the API. */
  proofs: Proofs;
  /** Where people reach the monitor; null: at API Gateway's own address, which is not known before the deployment. */
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
