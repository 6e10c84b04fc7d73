/** Keys from environment variables. */

import { KeyError } from './error.ts';

/** @throws {KeyError} When the variable is not set. */
export function readEnv(env: NodeJS.ProcessEnv, name: string): string {
  const text = env[name];
  if (text === undefined) throw new KeyError(`env:${name}: the environment variable is not set. Set ${name}`);
  return text;
}
