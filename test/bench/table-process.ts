/** An embedded table in a process of its own, so that its CPU does not count for the client. */

import { startOpenTable } from '../support/open-table.ts';

const { endpoint, tableName } = await startOpenTable();
process.send?.({ endpoint, tableName });
// Nothing is left when the benchmark ends early.
process.on('disconnect', () => process.exit());
