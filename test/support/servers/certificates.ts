/** Self-signed certificates for test servers: one for `localhost`, one for a name that no test server has. */

import { readFileSync } from 'node:fs';

export interface Identity {
  key: string;
  cert: string;
}

export const LOCALHOST: Identity = read('localhost');
export const ELSEWHERE: Identity = read('elsewhere');

function read(name: string): Identity {
  const file = (kind: string) => readFileSync(new URL(`./${name}.${kind}.pem`, import.meta.url), 'utf8');
  return { key: file('key'), cert: file('cert') };
}
