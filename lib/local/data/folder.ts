/**
 * The folder of `--data`: `provider-health.json`, which says what it is; `table`, a LevelDB; and copies of what was found
 * damaged. A backup is a copy of the whole folder, made while no monitor uses it.
 */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { at, jsonOf } from '../../base/json-value.ts';
import { MISUSED, StartError } from '../start-error.ts';
import type { Storage } from '../table/storage.ts';
import { openTableFolder, type TableFolderOptions } from './damage.ts';

const LABEL = 'provider-health.json';
/** Of how the folder is laid out. The items in it have versions of their own. */
const FORMAT = 1;

/** Opens the folder, and makes it where there is none. @throws {StartError} */
export async function openDataFolder(options: TableFolderOptions): Promise<Storage> {
  const folder = resolve(options.folder);
  try {
    // No other user may read what providers answered and where they are.
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

/** Labels an empty folder. @throws {StartError} When it belongs to something else. */
async function claim(folder: string): Promise<void> {
  const label = join(folder, LABEL);
  const files = await readdir(folder);
  if (!files.includes(LABEL) && files.length > 0) {
    const message = `expected an empty folder or one of a monitor, got ${folder} with ${files.length} other files`;
    throw new StartError(`--data: ${message}. Name a folder that is the monitor's alone`, MISUSED);
  }
  const text = files.includes(LABEL) ? await readFile(label, 'utf8') : '';
  const format = formatOf(text);
  if (format === null) {
    // New, or a kill came between its making and its writing.
    await writeFile(label, `${JSON.stringify({ format: FORMAT })}\n`);
  } else if (format !== FORMAT) {
    const message = `expected a folder of format ${FORMAT}, got ${folder} of format ${format}`;
    throw new StartError(`--data: ${message}. Start the version of Provider Health that made it`, MISUSED);
  }
}

/** Null: nothing that can be read. */
function formatOf(text: string): unknown {
  return at(jsonOf(text), 'format') ?? null;
}
