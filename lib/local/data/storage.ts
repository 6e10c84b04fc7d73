/**
 * Keeps the items of the embedded DynamoDB in a folder, as a LevelDB. A write is answered only after LevelDB has
 * appended it to its log and flushed the log to the disk. So neither a killed process nor a power failure loses an
 * answered write. Writes that wait at the same time share one flush.
 */

import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import dynalite, { type DynaliteStore } from 'dynalite/db/index.js';
import { NO_DELAY, type Storage } from '../table/storage.ts';
import { grouped } from './group.ts';
import { Level } from './level.ts';
import { levelMessage, levelTrouble } from './level-error.ts';

/**
 * LevelDB flushes its log only for writes with `sync`, and dynalite's have none. So a write of this key causes the
 * flush.
 */
const FLUSH_KEY = 'flush~';

/** Room for LevelDB's list of files and the first writes, besides its log. */
const LEAST_ROOM_BYTES = 64 * 1024;

/** lib/store/dynamo/errors.ts recognises this error by its name and passes the message on. */
class EmbeddedTableError extends Error {
  override readonly name = 'EmbeddedTableError';
}

export interface FolderStorageOptions {
  /** Path of the LevelDB folder. */
  path: string;
  /** Called when a read finds damage. It must make the next start repair the folder. */
  onDamage: (reason: string) => Promise<void>;
  /**
   * Whether the disk has enough room to open LevelDB again. Default: compares the free room with what LevelDB writes
   * then.
   */
  hasRoom?: () => Promise<boolean>;
}

/** @throws LevelDB's error when it does not open. */
export async function openFolderStorage(options: FolderStorageOptions): Promise<Storage> {
  const { path, onDamage, hasRoom = () => hasRoomIn(path) } = options;
  const open = async (): Promise<DynaliteStore> => {
    const store = dynalite.create({ ...NO_DELAY, path });
    await store.db.open();
    return store;
  };
  let store = await open();
  let mustReopen = false;

  return {
    get store() {
      return store;
    },
    get mustReopen() {
      return mustReopen;
    },
    sync: grouped(() => Level.prototype.put.call(store.db as never, FLUSH_KEY, 0, { sync: true })),

    // After a half-finished write, LevelDB would append the next writes where its recovery does not find them. Opening
    // it again repairs that, but needs room to write. Without room it stays open, and can still be read.
    async reopen() {
      if (!(await hasRoom())) throw fullDisk();
      await store.db.close();
      store = await open();
      mustReopen = false;
    },

    failure(error) {
      const trouble = levelTrouble(error);
      if (trouble === 'other') return null;
      const got = `got "${levelMessage(error)}"`;
      if (trouble === 'damaged') {
        void onDamage(levelMessage(error));
        const advice = 'Start the monitor again: it repairs the folder, and keeps a copy of the damaged one';
        return new EmbeddedTableError(`expected to read ${path}, ${got}. ${advice}`, { cause: error });
      }
      mustReopen = true;
      const advice =
        trouble === 'full' ? 'Make room on its disk' : 'Check its disk, and whether this user may write there';
      const message = `expected to read and write ${path}, ${got}. ${advice}; the monitor then continues by itself`;
      return new EmbeddedTableError(message, { cause: error });
    },

    close: () => store.db.close(),
  };
}

/** The same error as LevelDB's for a write. */
function fullDisk(): Error {
  return Object.assign(new Error('No space left on device'), { code: 'ENOSPC' });
}

/** When LevelDB opens, it writes the content of its log into a new file. */
async function hasRoomIn(path: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(path);
  const logs = (await readdir(path)).filter((name) => name.endsWith('.log'));
  const sizes = await Promise.all(logs.map(async (name) => (await stat(join(path, name))).size));
  return bavail * bsize > sizes.reduce((sum, size) => sum + size, LEAST_ROOM_BYTES);
}
