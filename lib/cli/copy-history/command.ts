/** `copy-history`: copies the history of a local monitor's folder into the table of a deployed monitor. */

import { existsSync } from 'node:fs';
import { copyHistory } from '../../local/copy-history.ts';
import { openDataFolder } from '../../local/data/folder.ts';
import { MISUSED, StartError } from '../../local/start-error.ts';
import { startEmbeddedTable } from '../../local/table/embedded.ts';
import { createClient } from '../../store/dynamo/client.ts';
import { createDynamoStore } from '../../store/dynamo/store.ts';
import { StoreError } from '../../store/store.ts';
import { commandOf, EXIT } from '../command.ts';
import { type CopyHistoryOptions, parseCopyHistoryOptions, USAGE } from './options.ts';

export const command = commandOf(USAGE, parseCopyHistoryOptions, copy);

const say = (text: string) => void process.stderr.write(`${text}\n`);

async function copy(options: CopyHistoryOptions): Promise<number> {
  try {
    await copyInto(options);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof StartError) {
      say(error.message);
      return error.exitStatus;
    }
    const again = 'Run it again: it continues with the missing items.';
    say(error instanceof StoreError ? error.message : `copy-history: ${error}. ${again}`);
    return EXIT.notWell;
  }
}

async function copyInto({ dataFolder, fromTable, toTable, region, endpoint }: CopyHistoryOptions): Promise<void> {
  if (!existsSync(dataFolder)) throw new StartError(`--data: there is no folder ${dataFolder}`, MISUSED);
  const now = () => new Date();
  const from = await startEmbeddedTable(fromTable, await openDataFolder({ folder: dataFolder, now, warn: say }));
  const client = createClient({ ...(region !== null && { region }), ...(endpoint !== null && { endpoint }) });
  try {
    await createDynamoStore({ tableName: toTable, client }).verify();
    const { copied, there } = await copyHistory(from, { client, tableName: toTable }, { now, onPage: progress });
    process.stdout.write(`Copied ${copied} items to ${toTable}; ${there} were there already.\n`);
  } finally {
    client.destroy();
    await from.close();
  }
}

function progress({ copied, there }: { copied: number; there: number }): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${copied} copied, ${there} there already`);
}
