/**
 * Decides by error codes whether this process or its machine lacked resources for a probe. Such a failure says nothing
 * about the provider. The codes of all causes of an error count.
 */

import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

const FILES = 'open files (see ulimit -n)';
const MEMORY = 'memory';

const BY_CODE: Readonly<Record<string, string>> = {
  EMFILE: FILES,
  ENFILE: 'open files of the whole machine',
  EAGAIN: 'threads, processes or ports',
  ENOBUFS: 'memory for the network',
  EADDRNOTAVAIL: 'local ports or addresses',
  ENOMEM: MEMORY,
  EAI_MEMORY: MEMORY,
  ERR_MEMORY_ALLOCATION_FAILED: MEMORY,
  ERR_OSSL_MALLOC_FAILURE: MEMORY,
  ERR_WORKER_INIT_FAILED: 'threads',
};

/**
 * Files that name lookups may open: the system's configuration, its hosts and a socket for each name server, on each of
 * four threads. With fewer free files, the system wrongly says that a name does not exist.
 */
const FILES_OF_LOOKUPS = 16;

/**
 * The lacking resource, for people, with the code; null when the failure is of another kind.
 *
 * @param refusal The code with which opening so many files fails now; null when it does not.
 */
export function lackingOf(error: unknown, refusal: (files: number) => string | null = refusalOfFiles): string | null {
  const code = codesOf(error).find(isLack);
  if (code !== undefined) return `${BY_CODE[code]} (${code})`;
  if (!isLookup(error)) return null;
  const refused = refusal(FILES_OF_LOOKUPS);
  return refused && `${BY_CODE[refused] ?? FILES} (${refused})`;
}

/**
 * The codes of an error and its causes. Empty if a connection was tried at several addresses and one of them failed for
 * another reason.
 */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  if (error instanceof AggregateError && error.errors.length > 0) {
    const each = error.errors.map(codesOf);
    return each.every((codes) => codes.some(isLack)) ? each.flat() : [];
  }
  return [String((error as NodeJS.ErrnoException).code), ...codesOf(error.cause)];
}

function isLack(code: string): boolean {
  return Object.hasOwn(BY_CODE, code);
}

function isLookup(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo';
}

/** Tries to open this many files. @returns The code of the failure; null when it works. */
function refusalOfFiles(count: number): string | null {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync(devNull, 'r'));
    return null;
  } catch (error) {
    return codesOf(error)[0] ?? null;
  } finally {
    for (const file of opened) closeSync(file);
  }
}
