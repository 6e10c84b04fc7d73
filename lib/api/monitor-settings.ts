/** The settings of the API that follow from the configuration in force. */

import type { MonitorConfig } from '../config/schema.ts';
import { shardNames } from '../health/shards.ts';
import type { MonitorSettings } from './api.ts';

/** @param schedule Seconds between two ticks, and the number of shards. */
export function monitorSettingsOf(
  { publicUrl, alerts, page }: MonitorConfig,
  { tickSeconds, shards }: { tickSeconds: number; shards: number },
): MonitorSettings {
  return { tickSeconds, shards: shardNames(shards), publicUrl, hasChannels: alerts.channels.length > 0, page };
}
