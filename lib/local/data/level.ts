/** LevelDB's class, as dynalite uses it: its own operations have no flush to the disk, and no repair. */

import { createRequire } from 'node:module';

interface Level {
  put(key: string, value: unknown, options: { sync: boolean }): Promise<void>;
}

interface LevelClass {
  prototype: Level;
  /** Makes the list of its files anew from the files of a folder, and leaves out what cannot be read. */
  repair(folder: string): Promise<void>;
}

const dynalite = createRequire(import.meta.url).resolve('dynalite');

export const { Level } = createRequire(dynalite)('level') as { Level: LevelClass };
