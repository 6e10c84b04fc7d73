/** Names of the CloudWatch metrics that the functions write. The stack's alarms and dashboard use the same names. */

export const METRIC_NAMESPACE = 'ProviderHealth';

/** Dimension of every metric. Its value is the table's name, because an account can have several monitors. */
export const MONITOR_DIMENSION = 'service';

/** Metrics of the whole fleet. Each tick writes one value, so the number of values is the number of ticks. */
export const FLEET_METRICS = {
  due: 'DueProviders',
  stored: 'StoredResults',
  /** Results that could not be stored, and registered providers with settings that cannot be used. */
  failed: 'FailedResults',
  /** Due providers without a result that counts, for any reason. */
  skipped: 'SkippedResults',
  /** Skipped providers for which the tick had no time. */
  unreached: 'UnreachedProviders',
  /** Stored results that are failures. */
  unhealthy: 'UnhealthyResults',
  /** Percentage of stored results that are uncertain: their answer may have waited before it was read. Absent without results. */
  uncertainShare: 'UncertainShare',
  /** Milliseconds. */
  tickDuration: 'TickDuration',
  /** 1 when the monitor's own network failed, else 0. */
  monitorFaults: 'MonitorFaults',
} as const;

/** Alerts that a channel refused, or that were given up, of the whole fleet. Absent while there are none. */
export const LOST_ALERTS_METRIC = 'LostAlerts';

/** Reads of the provider list that found it wrong or unreadable. Absent while the list is correct. */
export const REFUSED_LISTS_METRIC = 'RefusedProviderLists';

export type FleetMetric =
  | (typeof FLEET_METRICS)[keyof typeof FLEET_METRICS]
  | typeof LOST_ALERTS_METRIC
  | typeof REFUSED_LISTS_METRIC;

/** Ticks that were refused because their time is ahead of the clock. Absent while there are none. */
export const REFUSED_TICKS_METRIC = 'RefusedTicks';

/** Second dimension of the metrics below: the provider's id. */
export const PROVIDER_DIMENSION = 'provider';

/** Metrics of each provider, with one value for each scheduled check. They are optional, because each metric costs money. */
export const PROVIDER_METRICS = {
  /** 1 or 0: its average is the share of good checks. */
  healthy: 'Healthy',
  /** Milliseconds, of good checks only. */
  responseTime: 'ResponseTime',
} as const;
