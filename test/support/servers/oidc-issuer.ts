/**
 * An OpenID Connect issuer on this machine, with real HTTP and real keys, which can make the mistakes of real issuers.
 */

import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface Person {
  sub: string;
  email?: string;
  groups?: readonly string[];
}

export interface TestIssuer {
  /** As in the tokens' `iss`. */
  url: string;
  /** Who is signed in at the issuer: the next browser that comes here is this person's. */
  person: Person;
  /** The mistake that it makes. */
  mistake: 'down' | 'nonce' | 'key' | 'audience' | 'denied' | 'no_token' | null;
  /** The requests to its token endpoint. */
  exchanges: URLSearchParams[];
  close(): Promise<void>;
}

export const CLIENT = { id: 'health', secret: 'the-secret-of-the-client' };

interface Grant {
  nonce: string;
  challenge: string;
  redirectUri: string;
}

export async function startIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const { privateKey: otherKey } = await generateKeyPair('RS256');
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: TestIssuer = {
    url,
    person: { sub: 'anna', email: 'anna@example.com', groups: ['staff'] },
    mistake: null,
    exchanges: [],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? '/', url);
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (issuer.mistake === 'down') return void response.writeHead(503).end();
    switch (target.pathname) {
      case '/.well-known/openid-configuration':
        return void json(200, {
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          jwks_uri: `${url}/keys`,
          code_challenge_methods_supported: ['S256'],
        });
      case '/keys':
        return void json(200, { keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'RS256', use: 'sig' }] });
      case '/authorize':
        return authorize(target.searchParams, response);
      case '/token':
        return void json(...(await exchange(await bodyOf(request))));
      default:
        response.writeHead(404).end();
    }
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const back = new URL(query.get('redirect_uri') ?? '');
    back.searchParams.set('state', query.get('state') ?? '');
    if (issuer.mistake === 'denied') back.searchParams.set('error', 'access_denied');
    else {
      const code = randomUUID();
      grants.set(code, {
        nonce: query.get('nonce') ?? '',
        challenge: query.get('code_challenge') ?? '',
        redirectUri: query.get('redirect_uri') ?? '',
      });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async function exchange(form: URLSearchParams): Promise<[number, unknown]> {
    issuer.exchanges.push(form);
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (form.get('client_id') !== CLIENT.id || form.get('client_secret') !== CLIENT.secret) {
      return [401, { error: 'invalid_client' }];
    }
    if (!grant || grant.challenge !== challenge || grant.redirectUri !== form.get('redirect_uri')) {
      return [400, { error: 'invalid_grant' }];
    }
    const tokens = { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300 };
    if (issuer.mistake === 'no_token') return [200, tokens];
    const { sub, ...claims } = issuer.person;
    const idToken = await new SignJWT({ ...claims, nonce: issuer.mistake === 'nonce' ? 'another' : grant.nonce })
      .setProtectedHeader({ alg: 'RS256', kid: '1' })
      .setIssuer(url)
      .setSubject(sub)
      .setAudience(issuer.mistake === 'audience' ? 'another' : CLIENT.id)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(issuer.mistake === 'key' ? otherKey : privateKey);
    return [200, { ...tokens, id_token: idToken }];
  }

  return issuer;
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}
