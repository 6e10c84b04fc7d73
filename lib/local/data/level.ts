/**
 * The LevelDB class that dynalite uses. It is needed directly for what dynalite's operations lack: flush to disk, and
 * repair.
 */

import { createRequire } from 'node:module';

interface Level {
  put(key: string, value: unknown, options: { sync: boolean }): Promise<void>;
}

interface LevelClass {
  prototype: Level;
  /** Rebuilds the database's list of files from the files in a folder, and drops what cannot be read. */
  repair(folder: string): Promise<void>;
}

const dynalite = createRequire(import.meta.url).resolve('dynalite');

export const { Level } = createRequire(dynalite)('level') as { Level: LevelClass };
