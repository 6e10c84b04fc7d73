/**
 * A process whose files may not grow beyond a limit: it writes until a write fails, continues, and prints which writes
 * were stored.
 */

import { openDataFolder } from '../../../lib/local/data/folder.ts';
import { startEmbeddedTable } from '../../../lib/local/table/embedded.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { healthyStatus } from '../../support/builders.ts';

const [folder = ''] = process.argv.slice(2);
const storage = await openDataFolder({ folder, now: () => new Date(), warn: () => {} });
const { client, tableName } = await startEmbeddedTable('provider-health', storage);
const store = createDynamoStore({ client, tableName });

const stored: string[] = [];
const errors: string[] = [];
/** Writes that were stored after the first one that failed. */
let later = 0;
for (let n = 0; n < 400 && later < 20; n++) {
  const provider = `full-${n}`;
  try {
    await store.statuses.put({ ...healthyStatus(), provider }, null, null);
    stored.push(provider);
    if (errors.length > 0) later++;
  } catch (error) {
    errors.push((error as Error).message);
  }
}
process.stdout.write(JSON.stringify({ stored, errors, later }));
process.exit();
