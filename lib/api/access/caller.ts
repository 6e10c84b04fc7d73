/** The caller of a request and what the caller may do. A password or the session of a sign-in proves who it is. */

import type { Role } from '../../config/access.ts';

export interface Caller {
  /** Name of the secret or the person. Safe to log. */
  name: string;
  role: Role;
}

/** Decides who may call the API. Absent where the gateway in front of the app decides. */
export interface Access {
  /**
   * The caller of a request; null: not known.
   *
   * @param address The sender's address. Failed attempts are counted by it.
   * @throws {Problem} `too_many_attempts`, `access_unavailable`
   */
  identify(request: Request, address: string): Promise<Caller | null>;
  /** The header WWW-Authenticate of the answer to a request without a known caller. */
  readonly challenge: string;
  /** The sign-in for people. Absent: the browser asks for a password because of the challenge. */
  readonly signIn?: SignIn;
}

export interface SignIn {
  /** Path that begins the sign-in. `?to=` names the path to return to. */
  readonly path: string;
  /** Whether every page redirects people to it who have not signed in. */
  readonly isRequired: boolean;
  /**
   * The answer to a request for one of the sign-in's paths; null for any other path.
   *
   * @throws {Problem} `unauthenticated`, `not_permitted`, `sign_in_failed`, `access_unavailable`
   */
  answer(request: Request, address: string): Promise<Response | null>;
}

/** Resolves a key reference. Rejects with a message that is safe to log. */
export type ResolveSecret = (reference: string) => Promise<{ reveal(): string }>;
