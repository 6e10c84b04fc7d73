/** Cohere. It has no codes, only messages and statuses. */

import type { Rows } from '../signature.ts';

export const COHERE: Rows = {
  // The monthly limit of a trial key, not its limit per minute.
  quota: ['@429 ~month >wait'],
  model_not_found: ['~was removed on'],
  timeout: ['finish:TIMEOUT'],
  server_error: ['@498', '@499', '@504'],
};
