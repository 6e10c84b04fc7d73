/** The request to a token endpoint, and the parts of it that must not be shown. */

import { sign } from 'node:crypto';
import type { TokenAuth } from '../../health/provider.ts';
import { Secret } from '../../keys/secret.ts';
import { readServiceAccount, type ServiceAccount } from './service-account.ts';

export interface Grant {
  form: Readonly<Record<string, string>>;
  secrets: readonly Secret[];
}

/** The scope of everything that the account's roles allow. Google's narrower scopes do not cover Vertex AI. */
const GOOGLE_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
/** The longest lifetime that Google accepts. */
const ASSERTION_SECONDS = 3600;

/** @throws {TokenError} `config`, when the secret has the wrong form. */
export function grantFor(auth: TokenAuth, secret: Secret, now: Date): Grant {
  switch (auth.type) {
    case 'google-service-account': {
      const account = readServiceAccount(secret, auth.key);
      const assertion = assertionOf(account, auth.tokenUrl, now);
      return {
        form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
        secrets: [...account.secrets, new Secret(assertion)],
      };
    }
    case 'entra-client':
      return {
        form: {
          grant_type: 'client_credentials',
          client_id: auth.clientId,
          client_secret: secret.reveal(),
          scope: auth.scope,
        },
        secrets: [secret],
      };
    default: {
      const never: never = auth;
      return never;
    }
  }
}

/** A JSON Web Token that the account signs (RFC 7523). */
function assertionOf({ email, key, keyId }: ServiceAccount, audience: string, now: Date): string {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId !== null && { kid: keyId }) };
  const claims = {
    iss: email,
    scope: GOOGLE_SCOPE,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + ASSERTION_SECONDS,
  };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}
