/** An OpenID Connect issuer: the address to send a person to, and who came back. oauth4webapi speaks the protocol. */

import * as oauth from 'oauth4webapi';
import { messageOf } from '../../base/error-text.ts';
import { HOUR_MS } from '../../base/time.ts';
import type { OidcSettings } from '../../config/access.ts';

type IssuerSettings = Pick<OidcSettings, 'issuer' | 'clientId'>;

/** What must come back with the person: kept in their browser in the meantime. */
export interface Attempt {
  state: string;
  nonce: string;
  /** Proof Key for Code Exchange: a stolen code cannot be used. */
  verifier: string;
}

export interface Issuer {
  /** The address at which the person signs in, and what is to be kept until they are back. */
  begin(redirectUri: string, scope: string): Promise<{ url: string; attempt: Attempt }>;
  /**
   * The claims of the person's ID token.
   *
   * @param url That the person came back to.
   * @param clientSecret Null: a public client.
   */
  finish(url: URL, attempt: Attempt, redirectUri: string, clientSecret: string | null): Promise<oauth.IDToken>;
}

const TIMEOUT_MS = 5000;
/** Issuers change their addresses rarely, and their keys are not among them. */
const METADATA_KEPT_MS = HOUR_MS;

export function createIssuer({ issuer, clientId }: IssuerSettings, now: () => number): Issuer {
  const url = new URL(issuer);
  const client: oauth.Client = { client_id: clientId };
  let known: { server: oauth.AuthorizationServer; readAt: number } | null = null;
  // Without TLS only on this machine, where no other program can listen in.
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
      // Over TLS the token comes from the issuer itself; its signature is still checked.
      await oauth.validateApplicationLevelSignature(server, response, request());
      const claims = oauth.getValidatedIdTokenClaims(tokens);
      if (claims === undefined) throw new Error('expected an ID token, got none');
      return claims;
    },
  };
}

/** The issuer refused, or this is not the answer to what was asked: the person may begin again. */
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

/** Whether the person may begin again, rather than that the issuer failed. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof SignInRefused) return true;
  return error instanceof Error && 'code' in error && error.code === oauth.RESPONSE_BODY_ERROR;
}
