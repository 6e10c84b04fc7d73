/**
 * The folder of `--data`. It contains `provider-health.json`, which marks it as a monitor's folder; `table`, a LevelDB;
 * and copies of damaged tables. A backup is a copy of the whole folder, made while no monitor uses it.
 */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { at, jsonOf } from '../../base/json-value.ts';
import { MISUSED, StartError } from '../start-error.ts';
import type { Storage } from '../table/storage.ts';
import { openTableFolder, type TableFolderOptions } from './damage.ts';

const LABEL = 'provider-health.json';
/** Version of the folder's layout. The items in the table have versions of their own. */
const FORMAT = 1;

/** Opens the folder, and creates it if it does not exist. @throws {StartError} */
export async function openDataFolder(options: TableFolderOptions): Promise<Storage> {
  const folder = resolve(options.folder);
  try {
    // No other user may read it: it contains addresses and answers of providers.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await claim(folder);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { message } = error as Error;
    throw new StartError(`--data: expected a folder that can be written, got: ${message}. Name another one`, 1, {
      cause: error,
    });
  }
  return openTableFolder({ ...options, folder });
}

/** Marks an empty folder as a monitor's. @throws {StartError} When the folder belongs to something else. */
async function claim(folder: string): Promise<void> {
  const label = join(folder, LABEL);
  const files = await readdir(folder);
  if (!files.includes(LABEL) && files.length > 0) {
    const message = `expected an empty folder or one of a monitor, got ${folder} with ${files.length} other files`;
    throw new StartError(`--data: ${message}. Name a folder that only the monitor uses`, MISUSED);
  }
  const text = files.includes(LABEL) ? await readFile(label, 'utf8') : '';
  const format = formatOf(text);
  if (format === null) {
    // The folder is new, or an earlier process was killed while it wrote this file.
    await writeFile(label, `${JSON.stringify({ format: FORMAT })}\n`);
  } else if (format !== FORMAT) {
    const message = `expected a folder of format ${FORMAT}, got ${folder} of format ${format}`;
    throw new StartError(`--data: ${message}. Start the version of Provider Health that made it`, MISUSED);
  }
}

/** The format number; null when the file cannot be parsed. */
function formatOf(text: string): unknown {
  return at(jsonOf(text), 'format') ?? null;
}
