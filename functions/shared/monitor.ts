/** What all handlers share. It is made once, when the function's process starts, and serves all of its invocations. */

import { type Deployment, type ProviderListSettings, readDeployment } from '../../lib/config/deployment.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import type { MonitorConfig } from '../../lib/config/schema.ts';
import { createClient } from '../../lib/store/dynamo/client.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { PUBLIC_URL_VARIABLE, TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import type { Store } from '../../lib/store/store.ts';
import type { ProviderList } from './provider-list.ts';

export interface Monitor extends Omit<Deployment, 'config' | 'publicUrl' | 'providerList'> {
  /** The deployed configuration. See {@link memoizeByConfig} for the one in force. */
  config: MonitorConfig;
  tableName: string;
  store: Store;
  /** Opened by the first call. Null: this deployment reads no provider list while it runs. */
  list(): Promise<ProviderList> | null;
}

/** @param handlerUrl The handler's `import.meta.url`: the deployment lies beside it. */
export function openMonitor(handlerUrl: string): Monitor {
  const { config: written, publicUrl, providerList, ...deployment } = readDeployment(handlerUrl);
  const { addressPolicy, shards } = deployment;
  const tableName = process.env[TABLE_NAME_VARIABLE];
  if (!tableName)
    throw new Error(`${TABLE_NAME_VARIABLE}: expected the name of the table, got nothing. The stack sets it.`);
  const parsed = parseConfig(written, { addressPolicy });
  // A `publicUrl` in the file wins. Otherwise the stack passes the API's own address; some of it is known only after
  // the deployment, so it comes in a variable.
  const config = { ...parsed, publicUrl: parsed.publicUrl ?? publicUrl ?? process.env[PUBLIC_URL_VARIABLE] ?? null };
  const client = createClient();
  const open = async ({ source, keyPrefixes }: ProviderListSettings) => {
    const { openProviderList } = await import('./provider-list.ts');
    const deployed = { config: written, parsed, addressPolicy, shards, keyPrefixes };
    return openProviderList({ client, tableName, source, deployed, config });
  };
  let opened: Promise<ProviderList> | null = null;
  return {
    config,
    ...deployment,
    tableName,
    store: createDynamoStore({ tableName, client }),
    list() {
      if (providerList) opened ??= open(providerList);
      return opened;
    },
  };
}

/**
 * Makes something from the configuration, and makes it again when another provider list comes into force.
 *
 * @param end Ends what was made from the configuration before.
 */
export function memoizeByConfig<Made>(
  monitor: Pick<Monitor, 'config' | 'list'>,
  make: (config: MonitorConfig) => Made,
  end: (made: Made) => void = () => {},
): () => Promise<Made> {
  let { config } = monitor;
  let made = make(config);
  return async () => {
    const current = await (await monitor.list())?.current();
    if (current === undefined || current === config) return made;
    end(made);
    config = current;
    made = make(config);
    return made;
  };
}
