/** The access settings of a deployment: who may read, and who may change something. Secrets are references, never values. */

import { parseKeyReference } from '../keys/reference.ts';
import { ConfigError, type ConfigIssue } from './error.ts';

/** A reader may only read. An operator may also check by hand, pause, and register and remove providers. */
export type Role = 'reader' | 'operator';

/** A password, and the role of the callers that send it. */
export interface Password {
  /** Name of the password, for the log. */
  name: string;
  role: Role;
  /** Reference to the password, such as `ssm:/provider-health/page`. */
  reference: string;
}

export interface OidcSettings {
  /** The issuer, exactly as in `iss` of its tokens: `https://login.example.com/`. */
  issuer: string;
  clientId: string;
  /** Reference to the client's secret; null: a public client, protected by PKCE alone. */
  clientSecret: string | null;
  /** Reference to the secret that signs cookies. A new secret signs all users out. */
  cookieSecret: string;
  /** Scopes to request, beside `openid`. */
  scopes: readonly string[];
  /** Name of the claim in the ID token that lists the user's groups. */
  groupsClaim: string;
  /** Members of these groups may read; null: all users of the issuer may. */
  readerGroups: readonly string[] | null;
  /** Members of these groups may also check and change. */
  operatorGroups: readonly string[];
}

export interface AccessSettings {
  /** Whether anyone may read, without a proof. */
  publicReads: boolean;
  passwords: readonly Password[];
  /** Null: there is no sign-in. */
  oidc: OidcSettings | null;
  /** Public address of the monitor, without a slash at the end; null: the address of the request. */
  publicUrl: string | null;
}

/** The ways in which a request can prove who sends it. `session`: the cookie of a person who signed in. */
export type Proof = 'iam' | 'jwt' | 'basic' | 'bearer' | 'session';

/** The proofs in the API's description, for reading and for changing. One of them is enough. Empty: anyone may call. */
export interface Proofs {
  reads: readonly Proof[];
  writes: readonly Proof[];
}

/** Whether there is any operator. */
export function hasOperators({ passwords, oidc }: Pick<AccessSettings, 'passwords' | 'oidc'>): boolean {
  return passwords.some(({ role }) => role === 'operator') || (oidc?.operatorGroups.length ?? 0) > 0;
}

/** The references to all secrets of the access settings. */
export function accessKeys({ passwords, oidc }: Pick<AccessSettings, 'passwords' | 'oidc'>): string[] {
  const ofOidc = oidc === null ? [] : [oidc.cookieSecret, ...(oidc.clientSecret === null ? [] : [oidc.clientSecret])];
  return [...new Set([...passwords.map(({ reference }) => reference), ...ofOidc])];
}

/** @throws {ConfigError} With all mistakes. */
export function checkAccess(settings: AccessSettings): void {
  const issues = [
    ...passwordIssues(settings.passwords),
    ...oidcIssues(settings.oidc),
    ...urlIssues(settings.publicUrl),
  ];
  if (issues.length > 0) throw new ConfigError(issues);
}

/** The text is not quoted: if it is not a reference, it may be the password itself. */
const SECRET_EXPECTED = 'expected a reference, such as "ssm:/provider-health/page" or "secret:name#field"';

function passwordIssues(passwords: readonly Password[]): ConfigIssue[] {
  return passwords.flatMap(({ name, role, reference }, index) => {
    const path = `passwords[${index}]`;
    const issues: ConfigIssue[] = [];
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
      const message = `expected a name of letters, digits, ".", "_" and "-", got ${JSON.stringify(name)}`;
      issues.push({ path: `${path}.name`, message });
    } else if (passwords.findIndex((other) => other.name === name) < index) {
      issues.push({ path: `${path}.name`, message: `expected a name of its own, got "${name}" a second time` });
    }
    if (role !== 'reader' && role !== 'operator') {
      issues.push({ path: `${path}.role`, message: `expected "reader" or "operator", got ${JSON.stringify(role)}` });
    }
    if (!parseKeyReference(reference)) issues.push({ path: `${path}.secret`, message: SECRET_EXPECTED });
    return issues;
  });
}

function oidcIssues(oidc: OidcSettings | null): ConfigIssue[] {
  if (oidc === null) return [];
  const issues: ConfigIssue[] = [];
  if (!/^https:\/\/\S+$/.test(oidc.issuer)) {
    const message = `expected the https:// address of the issuer, as in the tokens' "iss", got ${JSON.stringify(oidc.issuer)}`;
    issues.push({ path: 'oidc.issuer', message });
  }
  if (oidc.clientId === '') issues.push({ path: 'oidc.clientId', message: 'expected the id of the client, got ""' });
  const secrets = [
    ['clientSecret', oidc.clientSecret],
    ['cookieSecret', oidc.cookieSecret],
  ] as const;
  for (const [name, reference] of secrets) {
    if (reference !== null && !parseKeyReference(reference)) {
      issues.push({ path: `oidc.${name}`, message: SECRET_EXPECTED });
    }
  }
  return issues;
}

function urlIssues(publicUrl: string | null): ConfigIssue[] {
  if (publicUrl === null || /^https:\/\/[^\s/?#]+(?:\/[^\s?#]*[^\s?#/])?$/.test(publicUrl)) return [];
  const message = `expected an https:// address without a slash at its end, got ${JSON.stringify(publicUrl)}`;
  return [{ path: 'publicUrl', message }];
}
