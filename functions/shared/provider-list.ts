/** The provider list, for the functions. This module is loaded only where the stack names a list. */

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE, REFUSED_LISTS_METRIC } from '../../lib/config/metrics.ts';
import type { MonitorConfig } from '../../lib/config/schema.ts';
import { createConfigInForce } from '../../lib/lists/config-in-force.ts';
import type { Deployed } from '../../lib/lists/parse.ts';
import { createListReader } from '../../lib/lists/read.ts';
import { createRefresh } from '../../lib/lists/refresh.ts';
import { parseListSource } from '../../lib/lists/source.ts';
import type { DynamoClient } from '../../lib/store/dynamo/client.ts';
import { createListStore, fitsItem } from '../../lib/store/dynamo/lists.ts';
import { log } from './log.ts';

export interface ProviderList {
  /** The configuration in force. */
  current(): Promise<MonitorConfig>;
  /** Whether the configuration has every provider that is in force. */
  isWhole(): boolean;
  /** Reads the list from its source, and accepts it when it changed. @param at The tick's scheduled time. */
  refresh(at: Date): Promise<void>;
}

export interface ProviderListOptions {
  client: DynamoClient;
  tableName: string;
  source: string;
  deployed: Deployed;
  config: MonitorConfig;
}

export function openProviderList({ client, tableName, source, deployed, config }: ProviderListOptions): ProviderList {
  const parsed = parseListSource(source);
  if (parsed === null) throw new Error(`providerList: expected a source that the stack checked, got "${source}"`);
  const lists = createListStore(client, tableName);
  const current = createConfigInForce({ lists, deployed, config, log, now: Date.now });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: tableName });
  const refresh = createRefresh({
    reader: createListReader(parsed),
    lists,
    deployed,
    fits: fitsItem,
    log,
    onTrouble() {
      metrics.addMetric(REFUSED_LISTS_METRIC, MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
    },
    now: () => new Date(),
  });
  return {
    current: () => current.get(),
    isWhole: () => current.isWhole(),
    async refresh(at) {
      if (await refresh.run(at)) current.expire();
    },
  };
}
