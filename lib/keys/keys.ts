/** The one interface behind which `env:`, `ssm:` and `secret:` references become keys. */

import type { Secret } from './secret.ts';

export interface KeyResolver {
  /**
   * The key a reference names. Kept 5 minutes; concurrent calls for one reference share one look-up.
   *
   * @throws {KeyError} When the reference names nothing readable; the message is safe to show.
   */
  resolve(reference: string): Promise<Secret>;
}

/** A key that could not be had. The message names the reference and what to do, and holds no part of any key. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}
