/** Cohere, which has no codes: its messages and statuses are all there is. */

import type { Rows } from '../signature.ts';

export const COHERE: Rows = {
  // A trial key's limit of a month, as opposed to the one of a minute.
  quota: ['@429 ~month >wait'],
  model_not_found: ['~was removed on'],
  timeout: ['finish:TIMEOUT'],
  server_error: ['@498', '@499', '@504'],
};
