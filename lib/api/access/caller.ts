/** Who sends a request, and what they may do. How they prove it differs: a password, or a session of an issuer. */

import type { Role } from '../../config/access.ts';

export interface Caller {
  /** Of the secret or the person. Safe to log. */
  name: string;
  role: Role;
}

/** A door of the API. Without one, what lies in front of the app has already decided. */
export interface Access {
  /**
   * Null: the caller is not known.
   *
   * @param address Of the sender, to count failed attempts by.
   * @throws {Problem} `too_many_attempts`, `access_unavailable`
   */
  identify(request: Request, address: string): Promise<Caller | null>;
  /** The header WWW-Authenticate of the answer to a request without a known caller. */
  readonly challenge: string;
  /** Where people prove who they are. Absent: the challenge suffices. */
  readonly signIn?: SignIn;
}

export interface SignIn {
  /** The path at which it begins. `?to=` has the path to return to. */
  readonly path: string;
  /** Whether every page sends people there who have not signed in. */
  readonly isRequired: boolean;
  /**
   * The answer to a request of one of its paths; null to any other.
   *
   * @throws {Problem} `unauthenticated`, `not_permitted`, `sign_in_failed`, `access_unavailable`
   */
  answer(request: Request, address: string): Promise<Response | null>;
}

/** Looks a key reference up. Rejects with a message that is safe to log. */
export type ResolveSecret = (reference: string) => Promise<{ reveal(): string }>;
