/** Two processes at one table: the connection of the first has faults, the second does what it does in between. */

import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import type { Store } from '../../../lib/store/store.ts';
import { START } from '../../support/builders.ts';
import { startTable, type TestTable } from '../../support/table.ts';
import { type FaultyTable, startFaultyTable } from './faulty-table.ts';

export interface TwoProcesses {
  table: TestTable;
  proxy: FaultyTable;
  /** Behind the proxy. */
  store: Store;
  /** Straight at the table: another process. */
  other: Store;
}

/** Opens them before the tests of a file. Each test begins with an empty table and without faults. */
export function useTwoProcesses(): TwoProcesses {
  const opened = {} as TwoProcesses;

  beforeAll(async () => {
    const table = await startTable();
    const proxy = await startFaultyTable(table.endpoint);
    const { tableName } = table;
    const now = () => new Date(START);
    const store = createDynamoStore({ tableName, now, endpoint: proxy.endpoint, requestTimeoutMs: 20_000 });
    const other = createDynamoStore({ tableName, now, client: table.client });
    Object.assign(opened, { table, proxy, store, other });
  });

  beforeEach(async () => {
    opened.proxy.reset();
    await opened.table.empty();
  });

  afterAll(async () => {
    opened.store.close();
    await opened.proxy.close();
    await opened.table.close();
  });

  return opened;
}
