/**
 * Settings of tokens from an OpenID Connect issuer, as an alternative to requests signed with AWS credentials.
 * Validated at synth.
 */

import { ConfigError, type ConfigIssue } from '../config/error.ts';

/** Tokens for people and programs without AWS credentials. */
export interface JwtOptions {
  /** The OpenID Connect issuer, as in the tokens' `iss`: `https://login.example.com/`. */
  readonly issuer: string;
  /** Accepted values of a token's `aud`. */
  readonly audience: string[];
  /**
   * Scopes for reading: a token needs one of them.
   * @default - any token of the issuer and audience may read
   */
  readonly readScopes?: string[];
  /**
   * Scopes for manual checks and for registering, changing and removing providers: a token needs one of them.
   * Registering gives access to keys: a registered provider uses the keys that the configuration names for its host.
   */
  readonly writeScopes: string[];
}

/** @throws {ConfigError} When every token that may read could write too, or no token could be accepted. */
export function refuseJwt(jwt: JwtOptions | undefined): void {
  if (jwt === undefined) return;
  const { readScopes = [], writeScopes = [] } = jwt;
  const issues: ConfigIssue[] = [...issuerIssues(jwt)];
  if (writeScopes.length === 0) {
    issues.push({
      path: 'jwt.writeScopes',
      message:
        'expected the scopes that allow changes and manual checks, got none: every token that may read could write. ' +
        'Write ["provider-health/write"], or -c jwtWriteScopes=provider-health/write.',
    });
  }
  for (const [field, scopes] of Object.entries({ readScopes, writeScopes })) {
    if (scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/.test(scope))) continue;
    const message =
      'expected scopes of 1 to 64 visible ASCII characters, without quotes and backslashes. Correct them.';
    issues.push({ path: `jwt.${field}`, message });
  }
  if (readScopes.length > 0 && readScopes.every((scope) => writeScopes.includes(scope))) {
    const message = 'expected a scope that does not allow changes, got only those of writeScopes. Add one for readers.';
    issues.push({ path: 'jwt.readScopes', message });
  }
  if (issues.length > 0) throw new ConfigError(issues);
}

/**
 * Types are validated too, for JavaScript callers. API Gateway accepts an authorizer without an audience, but then
 * refuses every token.
 */
function issuerIssues({ issuer, audience }: JwtOptions): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  if (!/^https:\/\/\S+$/.test(issuer)) {
    const message = `expected the https:// address of the issuer, as in the tokens' "iss", got ${JSON.stringify(issuer)}`;
    issues.push({ path: 'jwt.issuer', message });
  }
  const audiences: readonly unknown[] = Array.isArray(audience) ? audience : [];
  if (audiences.length === 0 || audiences.some((one) => typeof one !== 'string' || one.trim() === '')) {
    const message = `expected a list of audiences, none of them empty, got ${JSON.stringify(audience)}`;
    issues.push({ path: 'jwt.audience', message });
  }
  return issues;
}
