/**
 * Decides who may call the API of a deployment: holders of a password, people who sign in at an issuer, or everybody
 * for reads.
 */

import { Problem } from '../http/problem.ts';
import type { Access, Caller, SignIn } from './caller.ts';
import type { Oidc } from './oidc.ts';

export interface DoorOptions {
  /** Checks passwords. Null: there are none. */
  guard: Access | null;
  /** Null: there is no sign-in. */
  oidc: Oidc | null;
  /** Whether everybody may read. A password or a sign-in is then for operators. */
  publicReads: boolean;
}

const PUBLIC: Caller = { name: 'anybody', role: 'reader' };

/** Used where people sign in: `Basic` would make the browser ask for a password. */
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

/** Where everybody may read, no answer makes the browser ask for the operator's password. This path does. */
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
