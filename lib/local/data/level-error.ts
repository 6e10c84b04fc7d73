/** What an error of LevelDB means: there are codes for few of them, the rest is said in the system's words. */

/** `other`: none of LevelDB's. */
export type LevelTrouble = 'locked' | 'damaged' | 'full' | 'io' | 'other';

const FULL = /No space left|Disk quota exceeded|File too large/i;
/** A file that its list of files names is gone, or is no file. */
const PART_MISSING = /No such file or directory|Is a directory|does not exist/i;

export function levelTrouble(error: unknown): LevelTrouble {
  const { code, message } = rootOf(error);
  if (code === 'LEVEL_LOCKED') return 'locked';
  if (code === 'LEVEL_CORRUPTION') return 'damaged';
  // Of the file system itself, such as for a copy.
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full';
  if (code !== 'LEVEL_IO_ERROR') return 'other';
  if (FULL.test(message)) return 'full';
  return PART_MISSING.test(message) ? 'damaged' : 'io';
}

/** LevelDB's own words. */
export function levelMessage(error: unknown): string {
  return rootOf(error).message;
}

/** That it did not open is said by an error around the reason. */
function rootOf(error: unknown): { code: unknown; message: string } {
  const { code, message, cause } = (error instanceof Error ? error : new Error(String(error))) as Error & {
    code?: unknown;
  };
  return code === 'LEVEL_DATABASE_NOT_OPEN' && cause instanceof Error ? rootOf(cause) : { code, message };
}
