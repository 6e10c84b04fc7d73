/** What the handlers share: made once, when the function's process starts, and kept for all of its invocations. */

import { type Deployment, type ProviderListSettings, readDeployment } from '../../lib/config/deployment.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import type { MonitorConfig } from '../../lib/config/schema.ts';
import { createClient } from '../../lib/store/dynamo/client.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { PUBLIC_URL_VARIABLE, TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import type { Store } from '../../lib/store/store.ts';
import type { ProviderList } from './provider-list.ts';

export interface Monitor extends Omit<Deployment, 'config' | 'publicUrl' | 'providerList'> {
  /** As it was deployed; see {@link ofConfig}. */
  config: MonitorConfig;
  tableName: string;
  store: Store;
  /** Made when it is first asked for. Null: no list is read while the monitor runs. */
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
  // The stack knows the address of its door, where the file does not say another; at the latest when it is deployed.
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
 * What is made of the configuration, made anew when another list of providers is in force.
 *
 * @param end Ends what was made of the one before.
 */
export function ofConfig<Made>(
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
