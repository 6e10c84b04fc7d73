/**
 * A token endpoint like those of Google and Entra ID: it checks the assertion or the secret, gives tokens that expire,
 * and knows which tokens are valid. The caller passes the time.
 */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import { answer, type Behaviour, type Peer, startPeer } from './peer.ts';

/** Made once, because it takes a moment. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Of a key that the endpoint below knows. */
export const SERVICE_ACCOUNT = {
  type: 'service_account',
  project_id: 'health-project',
  private_key_id: '4f0d5c9be1a2437f8e6d1c0b9a8f7e6d5c4b3a21',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  client_email: 'health@health-project.iam.gserviceaccount.com',
  client_id: '112233445566778899000',
  auth_uri: 'https://accounts.google.com/o/oauth2/auth',
  token_uri: 'https://oauth2.googleapis.com/token',
};

/** The JSON file that Google's console gives. */
export const SERVICE_ACCOUNT_FILE = JSON.stringify(SERVICE_ACCOUNT, null, 2);

export const CLIENT = {
  id: '11111111-2222-3333-4444-555555555555',
  secret: 'Zq8~T1mXw4Lr7PnKc2JdhG5sBvRt.9uE3kQw6yAx',
};

export interface TokenEndpoint {
  /** Of the endpoint itself. */
  url: string;
  /** Forms that were sent to it, in order. */
  asked: URLSearchParams[];
  /** An answer in place of its real one; null: the real one. */
  instead: Behaviour | null;
  /** Whether it gave this token and the token has not expired. */
  isAlive(token: string): boolean;
  /** Makes all tokens that it gave invalid. */
  revokeAll(): void;
  close(): Promise<void>;
}

export async function startTokenEndpoint(now: () => number, lifetimeSeconds = 3600): Promise<TokenEndpoint> {
  const endsAt = new Map<string, number>();
  const give = () => {
    const token = `ya29.c.b0Aaekm1K-${endsAt.size + 1}-${'QvRt7pLx'.repeat(20)}`;
    endsAt.set(token, now() + lifetimeSeconds * 1000);
    return answer(JSON.stringify({ access_token: token, expires_in: lifetimeSeconds - 1, token_type: 'Bearer' }));
  };
  const peer: Peer = await startPeer((socket, request) => {
    const form = new URLSearchParams(request.split('\r\n\r\n')[1]);
    endpoint.asked.push(form);
    if (endpoint.instead !== null) return endpoint.instead(socket, request);
    void refusalOf(form, endpoint.url, new Date(now()), publicKey).then((refusal) => {
      socket.end(refusal === null ? give() : answer(JSON.stringify(refusal), {}, '400 Bad Request'));
    });
  });
  const endpoint: TokenEndpoint = {
    url: `${peer.origin}/token`,
    asked: [],
    instead: null,
    isAlive: (token) => now() < (endsAt.get(token) ?? 0),
    revokeAll: () => endsAt.clear(),
    close: () => peer.close(),
  };
  return endpoint;
}

/** Answers requests with a valid token as a model of the family does, and all others as Google and Azure do. */
export function wantsToken(endpoint: TokenEndpoint, good: Buffer): Behaviour {
  return (socket, request) => {
    const token = /\r\nauthorization: Bearer (\S+)\r\n/i.exec(request)?.[1] ?? '';
    const refused = { error: { code: 401, message: 'Request had invalid credentials.', status: 'UNAUTHENTICATED' } };
    socket.end(endpoint.isAlive(token) ? good : answer(JSON.stringify(refused), {}, '401 Unauthorized'));
  };
}

async function refusalOf(form: URLSearchParams, audience: string, now: Date, key: KeyObject) {
  const grant = form.get('grant_type');
  if (grant === 'client_credentials') {
    const isKnown = form.get('client_id') === CLIENT.id && form.get('client_secret') === CLIENT.secret;
    if (isKnown && form.get('scope')?.endsWith('/.default')) return null;
    return { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' };
  }
  if (grant !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return { error: 'unsupported_grant_type' };
  try {
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', key, {
      algorithms: ['RS256'],
      issuer: SERVICE_ACCOUNT.client_email,
      audience,
      currentDate: now,
      maxTokenAge: 600,
    });
    if (protectedHeader.kid !== SERVICE_ACCOUNT.private_key_id) throw new Error('kid');
    if ((payload.exp ?? 0) - (payload.iat ?? 0) > 3600) throw new Error('longer than an hour');
    return payload.scope === 'https://www.googleapis.com/auth/cloud-platform' ? null : { error: 'invalid_scope' };
  } catch {
    return { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' };
  }
}
