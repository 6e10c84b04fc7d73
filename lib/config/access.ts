/** What a deployment says of its door: who may read and who may change. Secrets are references, never the texts. */

import { parseKeyReference } from '../keys/reference.ts';
import { ConfigError, type ConfigIssue } from './error.ts';

/** A reader may look; an operator may also check by hand, pause, register and remove. */
export type Role = 'reader' | 'operator';

/** One secret that admits its holder. */
export interface Password {
  /** Names the secret in the log. */
  name: string;
  role: Role;
  /** `env:`, `ssm:` or `secret:` and a name, such as `ssm:/provider-health/page`. */
  reference: string;
}

export interface OidcSettings {
  /** As in the tokens' `iss`: `https://login.example.com/`. */
  issuer: string;
  clientId: string;
  /** Reference; null: a public client, which the code's proof alone protects. */
  clientSecret: string | null;
  /** Reference to what cookies are signed with. A new one signs all users out. */
  cookieSecret: string;
  /** What is asked for, beside `openid`. */
  scopes: readonly string[];
  /** Claim of the ID token that has the person's groups. */
  groupsClaim: string;
  /** Groups whose members may read; null: all users that the issuer signs in. */
  readerGroups: readonly string[] | null;
  /** Groups whose members may also check and change. */
  operatorGroups: readonly string[];
}

export interface AccessSettings {
  /** Whether all may read. */
  publicReads: boolean;
  passwords: readonly Password[];
  /** Null: there is no sign-in. */
  oidc: OidcSettings | null;
  /** Where the monitor is reached, without a trailing slash; null: where the request came in. */
  publicUrl: string | null;
}

/** How a request can prove who sends it. `session`: the cookie of a person who signed in. */
export type Proof = 'iam' | 'jwt' | 'basic' | 'bearer' | 'session';

/** How the API's description says that callers prove who they are: one of these suffices. Empty: all may call. */
export interface Proofs {
  reads: readonly Proof[];
  writes: readonly Proof[];
}

/** Whether a caller can prove to the API that it may change something. */
export function hasOperators({ passwords, oidc }: Pick<AccessSettings, 'passwords' | 'oidc'>): boolean {
  return passwords.some(({ role }) => role === 'operator') || (oidc?.operatorGroups.length ?? 0) > 0;
}

/** Every secret that access needs. */
export function accessKeys({ passwords, oidc }: Pick<AccessSettings, 'passwords' | 'oidc'>): string[] {
  const ofOidc = oidc === null ? [] : [oidc.cookieSecret, ...(oidc.clientSecret === null ? [] : [oidc.clientSecret])];
  return [...new Set([...passwords.map(({ reference }) => reference), ...ofOidc])];
}

/** @throws {ConfigError} With every mistake. */
export function checkAccess(settings: AccessSettings): void {
  const issues = [
    ...passwordIssues(settings.passwords),
    ...oidcIssues(settings.oidc),
    ...urlIssues(settings.publicUrl),
  ];
  if (issues.length > 0) throw new ConfigError(issues);
}

/** The reference is not repeated: what is none may be the password itself. */
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
