/** The local monitor's own table, with a port and a key for other programs. */

import type { DynamoClient } from '../../store/dynamo/client.ts';
import type { Cleanup } from '../cleanup.ts';
import { openDataFolder } from '../data/folder.ts';
import { StartError } from '../start-error.ts';
import { randomCredentials, removeCredentials, writeCredentials } from './credentials.ts';
import { openTableDoor } from './door.ts';
import { startEmbeddedTable } from './embedded.ts';
import { createExpiry, type Expiry } from './expiry.ts';
import { memoryStorage } from './storage.ts';

export interface OwnTable {
  /** Client for this process, without a port. */
  client: DynamoClient;
  /** URL for other programs of this machine. */
  endpoint: string;
  /** Path of the file with their key, for `AWS_SHARED_CREDENTIALS_FILE`. */
  credentialsFile: string;
  expiry: Expiry;
}

export interface OwnTableOptions {
  tableName: string;
  /** Null: in memory. */
  dataFolder: string | null;
  now: () => Date;
  /** Called with messages about the folder for the operator. */
  warn: (text: string) => void;
}

/**
 * @param cleanup Gets the steps that close the table.
 * @throws {StartError} When the folder or the key's file cannot be used.
 */
export async function openOwnTable(
  { tableName, dataFolder, now, warn }: OwnTableOptions,
  cleanup: Cleanup,
): Promise<OwnTable> {
  const storage = dataFolder === null ? memoryStorage() : await openDataFolder({ folder: dataFolder, now, warn });
  const table = await startEmbeddedTable(tableName, storage);
  cleanup.add(() => table.close());
  const credentials = randomCredentials();
  const credentialsFile = await writeCredentials(credentials).catch((cause: NodeJS.ErrnoException) => {
    const what = `the key of the table cannot be written into the folder for temporary files: ${cause.message}`;
    throw new StartError(`${what}. Set TMPDIR (on Windows TEMP) to a folder that you may write to`, 1, { cause });
  });
  cleanup.add(() => removeCredentials(credentialsFile));
  const door = await openTableDoor(table, credentials);
  cleanup.add(async () => {
    const drained = door.drain();
    door.cut();
    await drained;
  });
  return {
    client: table.client,
    endpoint: door.url,
    credentialsFile,
    expiry: createExpiry(table, now, { isKept: dataFolder !== null }),
  };
}
