/** Whose words an answer may hold. */

import type { Writer } from './catalogue/all.ts';

export interface Scope {
  /** Whose words are read first, the most particular first. */
  writers: readonly Writer[];
  /** It passes on what others wrote, so its answers may contain the words of any provider. */
  relays: boolean;
  /** It always says when a limit of a minute ends, so that a 429 without a hint is no such limit. */
  alwaysHints?: true;
}

/** An answer of which it is not known where it is from. */
export const ANY_WRITER: Scope = { writers: [], relays: true };
