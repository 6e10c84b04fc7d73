/** The scope of an answer: the writers that may have written its words. */

import type { Writer } from './catalogue/all.ts';

export interface Scope {
  /** The rows of these writers are tried first, in this order. */
  writers: readonly Writer[];
  /** Whether the provider relays answers of others, which may contain the words of any writer. */
  relays: boolean;
  /**
   * Every 429 for a limit per minute says when the limit ends, by `retry-after` or a reset header. So a probe judges a 429 with
   * neither, and with no row that fits, as `quota`. Only `claude` has this, because only Claude itself always sends them.
   */
  alwaysHints?: true;
}

/** The scope of an answer from an unknown provider. */
export const ANY_WRITER: Scope = { writers: [], relays: true };
