/** Classifies errors of LevelDB. Few of them have codes; the others contain the operating system's message. */

/** `other`: not an error of LevelDB. */
export type LevelTrouble = 'locked' | 'damaged' | 'full' | 'io' | 'other';

const FULL = /No space left|Disk quota exceeded|File too large/i;
/** A file in LevelDB's list is missing, or is not a file. */
const PART_MISSING = /No such file or directory|Is a directory|does not exist/i;

export function levelTrouble(error: unknown): LevelTrouble {
  const { code, message } = rootOf(error);
  if (code === 'LEVEL_LOCKED') return 'locked';
  if (code === 'LEVEL_CORRUPTION') return 'damaged';
  // From the file system itself, for example while copying.
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full';
  if (code !== 'LEVEL_IO_ERROR') return 'other';
  if (FULL.test(message)) return 'full';
  return PART_MISSING.test(message) ? 'damaged' : 'io';
}

/** LevelDB's own message. */
export function levelMessage(error: unknown): string {
  return rootOf(error).message;
}

/** The reason inside of the error that only says that the database did not open. */
function rootOf(error: unknown): { code: unknown; message: string } {
  const { code, message, cause } = (error instanceof Error ? error : new Error(String(error))) as Error & {
    code?: unknown;
  };
  return code === 'LEVEL_DATABASE_NOT_OPEN' && cause instanceof Error ? rootOf(cause) : { code, message };
}
