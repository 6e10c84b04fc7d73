/**
 * The key with which other programs use the table of this process. It is random and new at each start. It is written to
 * a file that only this user can read, in the format of the AWS SDKs and the AWS command line. It is never printed,
 * since terminal output ends up in logs and on other people's screens.
 */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TableCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The secret has 256 random bits. The id only names the key. */
export function randomCredentials(): TableCredentials {
  return {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(32).toString('base64url'),
  };
}

/** Writes the file. @returns Its path, in a new folder that only this user can open. */
export async function writeCredentials({ accessKeyId, secretAccessKey }: TableCredentials): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'provider-health-'));
  const path = join(folder, 'credentials');
  const text = `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  return path;
}

/** Removes what {@link writeCredentials} made. */
export async function removeCredentials(path: string): Promise<void> {
  await rm(dirname(path), { recursive: true, force: true });
}
