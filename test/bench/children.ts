/**
 * The processes of the benchmark, which can each use a core: this starts them, sends them one request at a time, and
 * stops them.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { youngSpaceOption } from '../../lib/base/garbage.ts';
import { MOST_MEMORY_MIB } from '../../lib/health/shards.ts';

/** @param file Beside this one. */
export function start(file: string, ...args: string[]): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: ['--import', 'tsx'],
    // Makes global fetch trust the mock providers.
    env: {
      ...process.env,
      // As the check function has it; for every contender.
      NODE_OPTIONS: youngSpaceOption(MOST_MEMORY_MIB),
      NODE_EXTRA_CA_CERTS: fileURLToPath(new URL('tls/root.cert.pem', import.meta.url)),
    },
  });
}

export async function ask<T>(child: ChildProcess, message: object): Promise<T> {
  child.send(message);
  return reply(child);
}

/** The next message of the child. @throws When it ends instead. */
export async function reply<T>(child: ChildProcess): Promise<T> {
  const done = new AbortController();
  const failed = once(child, 'exit', { signal: done.signal }).then(([code]) => {
    throw new Error(`a process of the benchmark ended with ${code}`);
  });
  failed.catch(() => {});
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: done.signal }), failed]);
    return message as T;
  } finally {
    done.abort();
  }
}

export async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
