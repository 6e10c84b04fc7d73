/** Self-signed certificates for test servers. `LOCALHOST` is the usual one; `ELSEWHERE` has a name that no test server has. */

import { readFileSync } from 'node:fs';

export interface Identity {
  key: string;
  cert: string;
}

export const LOCALHOST: Identity = read('localhost');
export const ELSEWHERE: Identity = read('elsewhere');
/** For every name directly under wild.test, and for those under part.test that begin with w. */
export const WILDCARD: Identity = read('wildcard');
/** Names localhost only in the subject, as old certificates did. */
export const NAME_ONLY: Identity = read('nameonly');

function read(name: string): Identity {
  const file = (kind: string) => readFileSync(new URL(`./${name}.${kind}.pem`, import.meta.url), 'utf8');
  return { key: file('key'), cert: file('cert') };
}
