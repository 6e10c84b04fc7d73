/** The scope of an answer: the writers that may have written its words. */

import type { Writer } from './catalogue/all.ts';

export interface Scope {
  /** The rows of these writers are tried first, in this order. */
  writers: readonly Writer[];
  /** Whether the provider relays answers of others, which may contain the words of any writer. */
  relays: boolean;
  /** The provider always says when a limit per minute ends, so a 429 without a time to wait is another failure. */
  alwaysHints?: true;
}

/** The scope of an answer from an unknown provider. */
export const ANY_WRITER: Scope = { writers: [], relays: true };
