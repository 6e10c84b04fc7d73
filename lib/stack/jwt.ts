/** Tokens of an OpenID Connect issuer, in place of requests signed by AWS credentials: the settings, checked at synth. */

import { ConfigError, type ConfigIssue } from '../config/error.ts';

/** Tokens that open the API to people and programs without AWS credentials. */
export interface JwtOptions {
  /** The OpenID Connect issuer, as in the tokens' `iss`: `https://login.example.com/`. */
  readonly issuer: string;
  /** A token's `aud` must be one of these. */
  readonly audience: string[];
  /**
   * Scopes of which a token must have one to read.
   * @default - any token of the issuer and audience may read
   */
  readonly readScopes?: string[];
  /**
   * Scopes of which a token must have one to check by hand, register, change and remove. Registering is a right over keys:
   * a registered provider uses those that the configuration names for its host.
   */
  readonly writeScopes: string[];
}

/** @throws {ConfigError} When every token that may read may write too, or no token can be let in. */
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

/** As JavaScript may pass them. API Gateway takes an authorizer without an audience, and then refuses every token. */
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
