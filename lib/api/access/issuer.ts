/**
 * Talks to an OpenID Connect issuer, by the package oauth4webapi: makes the address of the sign-in, and verifies who
 * comes back.
 */

import * as oauth from 'oauth4webapi';
import { messageOf } from '../../base/error-text.ts';
import { HOUR_MS } from '../../base/time.ts';
import type { OidcSettings } from '../../config/access.ts';

type IssuerSettings = Pick<OidcSettings, 'issuer' | 'clientId'>;

/** Values that the sign-in must return or needs at its end. A cookie keeps them in the meantime. */
export interface Attempt {
  state: string;
  nonce: string;
  /** For PKCE (Proof Key for Code Exchange): without it, a stolen code is useless. */
  verifier: string;
}

export interface Issuer {
  /** The address where the person signs in, and the values to keep until then. */
  begin(redirectUri: string, scope: string): Promise<{ url: string; attempt: Attempt }>;
  /**
   * Verifies the sign-in.
   *
   * @returns The claims of the person's ID token.
   * @param url The URL that the person came back to.
   * @param clientSecret Null: a public client.
   */
  finish(url: URL, attempt: Attempt, redirectUri: string, clientSecret: string | null): Promise<oauth.IDToken>;
}

const TIMEOUT_MS = 5000;
/** Issuers rarely change their endpoints. Their keys are not part of the kept metadata. */
const METADATA_KEPT_MS = HOUR_MS;

export function createIssuer({ issuer, clientId }: IssuerSettings, now: () => number): Issuer {
  const url = new URL(issuer);
  const client: oauth.Client = { client_id: clientId };
  let known: { server: oauth.AuthorizationServer; readAt: number } | null = null;
  // Plain http is allowed only to this machine, where nobody can listen in.
  const isLocal = url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const request = () => ({ signal: AbortSignal.timeout(TIMEOUT_MS), [oauth.allowInsecureRequests]: isLocal });

  async function metadata(): Promise<oauth.AuthorizationServer> {
    if (known && now() - known.readAt < METADATA_KEPT_MS) return known.server;
    const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, request()));
    known = { server, readAt: now() };
    return server;
  }

  return {
    async begin(redirectUri, scope) {
      const { authorization_endpoint: endpoint } = await metadata();
      if (endpoint === undefined) throw new Error('expected an authorization_endpoint in its metadata, got none');
      const attempt = {
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
        verifier: oauth.generateRandomCodeVerifier(),
      };
      const target = new URL(endpoint);
      const parameters = {
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
      return { url: target.href, attempt };
    },

    async finish(back, { state, nonce, verifier }, redirectUri, clientSecret) {
      const server = await metadata();
      const parameters = refusable(() => oauth.validateAuthResponse(server, client, back, state));
      const secret = clientSecret === null ? oauth.None() : oauth.ClientSecretPost(clientSecret);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        secret,
        parameters,
        redirectUri,
        verifier,
        request(),
      );
      const checks = { expectedNonce: nonce, requireIdToken: true };
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, checks);
      // TLS already proves that the token comes from the issuer. Its signature is verified in addition.
      await oauth.validateApplicationLevelSignature(server, response, request());
      const claims = oauth.getValidatedIdTokenClaims(tokens);
      if (claims === undefined) throw new Error('expected an ID token, got none');
      return claims;
    },
  };
}

/** The issuer refused the sign-in, or its answer does not belong to this attempt. The person may begin again. */
class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
}

function refusable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new SignInRefused(messageOf(error), { cause: error });
  }
}

/** Whether the sign-in was refused, so that the person may begin again. False: the issuer failed. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof SignInRefused) return true;
  return error instanceof Error && 'code' in error && error.code === oauth.RESPONSE_BODY_ERROR;
}
