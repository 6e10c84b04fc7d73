/**
 * Opens the LevelDB of a data folder, and repairs it if it is damaged. Before a repair, or when LevelDB dropped
 * something, a copy of the former files is kept.
 */

import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import type { Storage } from '../table/storage.ts';
import { Level } from './level.ts';
import { levelMessage, levelTrouble } from './level-error.ts';
import { openFolderStorage } from './storage.ts';

/**
 * Copy of LevelDB's log from before the start. LevelDB removes the log after reading it, also what it could not read.
 */
const COPY_OF_LOG = 'log-before-start';
/** A file that the running monitor writes when it finds damage. LevelDB itself would still open the folder. */
const MARK = 'damage-found';

/**
 * LevelDB's message about an unreadable part of its log. A write that a kill cut off is no damage, and LevelDB does not
 * report it.
 */
const DROPPED = /dropping (\d+) bytes; (.*)/g;

export interface TableFolderOptions {
  /** The data folder. `table` is the LevelDB; copies of damaged ones are beside it. */
  folder: string;
  now: () => Date;
  /** Called with messages for the operator. */
  warn: (text: string) => void;
}

/** @throws {StartError} */
export async function openTableFolder({ folder, now, warn }: TableFolderOptions): Promise<Storage> {
  const path = join(folder, 'table');
  const mark = join(folder, MARK);
  const copyOfLog = join(folder, `${COPY_OF_LOG}-${process.pid}`);
  const copy = join(folder, `damaged-${now().toISOString().replaceAll(':', '-')}`);
  const open = () => openFolderStorage({ path, onDamage: (reason) => writeFile(mark, reason).catch(() => {}) });

  async function repaired(reason: string): Promise<Storage> {
    try {
      await cp(path, copy, { recursive: true });
      await Level.repair(path);
      const storage = await open();
      await rm(mark, { force: true });
      warn(
        `--data: ${folder} was damaged (${reason}) and is repaired: what could be read is there. ` +
          `The damaged table is kept in ${copy}.`,
      );
      return storage;
    } catch (error) {
      if (levelTrouble(error) === 'locked') throw notOpened(folder, error);
      throw new StartError(
        `--data: ${folder} is damaged (${reason}), and its repair failed: ${levelMessage(error)}. ` +
          'Put a backup in its place, or name an empty folder',
        1,
        { cause: error },
      );
    }
  }

  const files = await readdir(path).catch((): string[] => []);
  const found = await readFile(mark, 'utf8').catch(() => null);
  if (found !== null) return repaired(found);
  // Without CURRENT, LevelDB would treat it as a new folder and remove the other files.
  if (files.some(isPartOfTable) && !files.includes('CURRENT')) return repaired('its file CURRENT is missing');

  const logs = files.filter((name) => name.endsWith('.log'));
  try {
    await mkdir(copyOfLog, { mode: 0o700 });
    for (const name of logs) await cp(join(path, name), join(copyOfLog, name));
    const storage = await open();
    const dropped = await droppedFrom(path);
    if (dropped !== null) {
      await rename(copyOfLog, copy);
      warn(`--data: ${folder}: the last writes were damaged: ${dropped}. The damaged log is kept in ${copy}.`);
    }
    return storage;
  } catch (error) {
    if (levelTrouble(error) !== 'damaged') throw notOpened(folder, error);
    return await repaired(levelMessage(error));
  } finally {
    await rm(copyOfLog, { recursive: true, force: true });
  }
}

function isPartOfTable(name: string): boolean {
  return /\.(log|ldb|sst)$/.test(name);
}

/** What LevelDB reported when it opened; null when it could read everything. */
async function droppedFrom(path: string): Promise<string | null> {
  const notes = await readFile(join(path, 'LOG'), 'utf8').catch(() => '');
  const parts = [...notes.matchAll(DROPPED)];
  if (parts.length === 0) return null;
  const bytes = parts.reduce((sum, [, part]) => sum + Number(part), 0);
  return `${bytes} bytes could not be read (${parts[0]?.[2]})`;
}

function notOpened(folder: string, error: unknown): StartError {
  const options = { cause: error };
  switch (levelTrouble(error)) {
    case 'locked':
      return new StartError(
        `--data: ${folder} is in use by another monitor. Stop that one first, or name another folder`,
        1,
        options,
      );
    case 'full':
      return new StartError(`--data: the disk of ${folder} is full. Make room on it; nothing is lost`, 1, options);
    default:
      return new StartError(
        `--data: expected to read and write ${folder}, got "${levelMessage(error)}". Check who owns it and what lies in it`,
        1,
        options,
      );
  }
}
