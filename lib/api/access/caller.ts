/** Who sends a request, and what they may do. How they prove it differs: a password, or a session of an issuer. */

/** A reader may look; an operator may also check by hand, pause, register and remove. */
export type Role = 'reader' | 'operator';

export interface Caller {
  /** Of the secret or the person. Safe to log. */
  name: string;
  role: Role;
}

/** A door of the API. Without one, whatever lies in front of the app has decided already. */
export interface Access {
  /**
   * Null: nobody who is known.
   *
   * @param address Of the sender, to count failed attempts by.
   * @throws {Problem} `too_many_attempts`, `access_unavailable`
   */
  identify(request: Request, address: string): Promise<Caller | null>;
  /** The header WWW-Authenticate of the answer to a request of nobody who is known. */
  readonly challenge: string;
}
