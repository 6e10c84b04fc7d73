/** What the handlers share: made once, when the function's process starts, and kept for all of its invocations. */

import type { AccessSettings, Proofs } from '../../lib/config/access.ts';
import { readDeployment } from '../../lib/config/deployment.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import type { MonitorConfig } from '../../lib/config/schema.ts';
import type { AddressPolicy } from '../../lib/egress/guard.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import type { Store } from '../../lib/store/store.ts';

export interface Monitor {
  config: MonitorConfig;
  addressPolicy: AddressPolicy;
  /** Seconds between two ticks. */
  tickSeconds: number;
  /** Whether each provider has metrics of its own. */
  metricsPerProvider: boolean;
  /** Null: API Gateway alone decides who is let in. */
  access: AccessSettings | null;
  /** For the description of the API. */
  proofs: Proofs;
  /** In how many parts the providers are checked. */
  shards: number;
  tableName: string;
  store: Store;
}

/** @param handlerUrl The handler's `import.meta.url`: the deployment lies beside it. */
export function openMonitor(handlerUrl: string): Monitor {
  const { config, addressPolicy, tickSeconds, metricsPerProvider, shards, access, proofs } = readDeployment(handlerUrl);
  const tableName = process.env[TABLE_NAME_VARIABLE];
  if (!tableName)
    throw new Error(`${TABLE_NAME_VARIABLE}: expected the name of the table, got nothing. The stack sets it.`);
  const parsed = parseConfig(config, { addressPolicy });
  return {
    // The stack knows the address of its door, where the file does not say another.
    config: { ...parsed, publicUrl: parsed.publicUrl ?? access?.publicUrl ?? null },
    addressPolicy,
    tickSeconds,
    metricsPerProvider,
    access,
    proofs,
    shards,
    tableName,
    store: createDynamoStore({ tableName }),
  };
}
