/** What the handlers share: made once, when the function's process starts, and kept for all of its invocations. */

import { type Deployment, readDeployment } from '../../lib/config/deployment.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import type { MonitorConfig } from '../../lib/config/schema.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import type { Store } from '../../lib/store/store.ts';

export interface Monitor extends Omit<Deployment, 'config'> {
  config: MonitorConfig;
  tableName: string;
  store: Store;
}

/** @param handlerUrl The handler's `import.meta.url`: the deployment lies beside it. */
export function openMonitor(handlerUrl: string): Monitor {
  const { config, ...deployment } = readDeployment(handlerUrl);
  const tableName = process.env[TABLE_NAME_VARIABLE];
  if (!tableName)
    throw new Error(`${TABLE_NAME_VARIABLE}: expected the name of the table, got nothing. The stack sets it.`);
  const parsed = parseConfig(config, { addressPolicy: deployment.addressPolicy });
  return {
    // The stack knows the address of its door, where the file does not say another.
    config: { ...parsed, publicUrl: parsed.publicUrl ?? deployment.access?.publicUrl ?? null },
    ...deployment,
    tableName,
    store: createDynamoStore({ tableName }),
  };
}
