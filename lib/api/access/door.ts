/** Who may call the API of a deployment: holders of a password, people whom an issuer signs in, or all readers. */

import { Problem } from '../http/problem.ts';
import type { Access, Caller, SignIn } from './caller.ts';
import type { Oidc } from './oidc.ts';

export interface DoorOptions {
  /** Null: no password opens it. */
  guard: Access | null;
  /** Null: there is no sign-in. */
  oidc: Oidc | null;
  /** Whether all may read. A password or a sign-in then makes an operator. */
  publicReads: boolean;
}

const PUBLIC: Caller = { name: 'anybody', role: 'reader' };

/** A browser asks for a password by itself when it sees Basic, which is not wanted where people sign in. */
const BEARER = 'Bearer realm="Provider Health"';

export function createDoor({ guard, oidc, publicReads }: DoorOptions): Access {
  const signIn = oidc ?? (guard && passwordSignIn(guard));
  return {
    challenge: oidc === null ? (guard?.challenge ?? BEARER) : BEARER,
    ...(signIn && { signIn }),
    async identify(request, address) {
      if (guard && request.headers.has('authorization')) return guard.identify(request, address);
      const caller = (await oidc?.sessionOf(request)) ?? null;
      if (caller === null && publicReads && ['GET', 'HEAD'].includes(request.method)) return PUBLIC;
      return caller;
    },
  };
}

/** Where reads are open, no answer makes a browser ask for the password; this path does. */
function passwordSignIn(guard: Access): SignIn {
  const path = '/sign-in';
  return {
    path,
    isRequired: false,
    async answer(request, address) {
      const url = new URL(request.url);
      if (request.method !== 'GET' || url.pathname !== path) return null;
      if (await guard.identify(request, address)) {
        return new Response(null, { status: 302, headers: { location: '/', 'cache-control': 'no-store' } });
      }
      throw new Problem('unauthenticated', "Expected an operator's password.", { challenge: guard.challenge });
    },
  };
}
