/**
 * The items of the embedded DynamoDB in a folder, as a LevelDB. LevelDB's log takes each write before it is answered, so a
 * process that is killed loses none; a write is answered only when the log is on the disk itself, so a power failure loses
 * none either. Writes that wait at the same time share one such flush.
 */

import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import dynalite, { type DynaliteStore } from 'dynalite/db/index.js';
import { NO_DELAY, type Storage } from '../table/storage.ts';
import { grouped } from './group.ts';
import { Level } from './level.ts';
import { levelMessage, levelTrouble } from './level-error.ts';

/** LevelDB flushes its log for a write that asks for it; dynalite's never do. Only this process reads the key. */
const FLUSH_KEY = 'flush~';

/** Beside its log: its list of files, and the first writes. */
const LEAST_ROOM_BYTES = 64 * 1024;

/** The store passes its message on: lib/store/dynamo/errors.ts knows it by its name. */
class EmbeddedTableError extends Error {
  override readonly name = 'EmbeddedTableError';
}

export interface FolderStorageOptions {
  /** The folder of the LevelDB, whole. */
  path: string;
  /** Called when a read finds damage, so that the next start repairs it. */
  onDamage: (reason: string) => Promise<void>;
  /** Whether LevelDB could be opened again now. Default: as much is free as it writes then. */
  hasRoom?: () => Promise<boolean>;
}

/** @throws What LevelDB throws when it does not open. */
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

    // After a write that failed half-way, LevelDB would append the next ones where its recovery does not find them. It
    // writes when it opens: where it could not, it stays as it is, and can be read.
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
        const advice = 'Start the monitor again: it repairs the folder, and keeps a copy of it as it is';
        return new EmbeddedTableError(`expected to read ${path}, ${got}. ${advice}`, { cause: error });
      }
      mustReopen = true;
      const advice =
        trouble === 'full' ? 'Make room on its disk' : 'Look at its disk, and whether this user may write there';
      const message = `expected to read and write ${path}, ${got}. ${advice}; the monitor goes on by itself then`;
      return new EmbeddedTableError(message, { cause: error });
    },

    close: () => store.db.close(),
  };
}

/** As LevelDB says it of a write. */
function fullDisk(): Error {
  return Object.assign(new Error('No space left on device'), { code: 'ENOSPC' });
}

/** What LevelDB has in its log goes into a new file when it opens. */
async function hasRoomIn(path: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(path);
  const logs = (await readdir(path)).filter((name) => name.endsWith('.log'));
  const sizes = await Promise.all(logs.map(async (name) => (await stat(join(path, name))).size));
  return bavail * bsize > sizes.reduce((sum, size) => sum + size, LEAST_ROOM_BYTES);
}
