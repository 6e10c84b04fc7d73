/** Names of the metrics that the functions leave in CloudWatch, where the stack's alarms and dashboard look for them. */

export const METRIC_NAMESPACE = 'ProviderHealth';

/** Dimension of every metric. Its value is the table's name: an account may have several monitors. */
export const MONITOR_DIMENSION = 'service';

/** Of the whole fleet, one value a tick; so the number of values is the number of ticks. */
export const FLEET_METRICS = {
  due: 'DueProviders',
  stored: 'StoredResults',
  /** Results that could not be stored, and providers that cannot be used as they are stored. */
  failed: 'FailedResults',
  /** All results that were not believed or not there, for any reason. */
  skipped: 'SkippedResults',
  /** Of those, the ones that the tick had no time for. */
  unreached: 'UnreachedProviders',
  /** Of the stored, those that are failures. */
  unhealthy: 'UnhealthyResults',
  /** Of the stored, those whose answer may have lain unread: percent. Absent when none was stored. */
  uncertainShare: 'UncertainShare',
  /** Milliseconds. */
  tickDuration: 'TickDuration',
  /** 1 when the monitor's own network failed, else 0. */
  monitorFaults: 'MonitorFaults',
} as const;

/** Of the whole fleet too: alerts that a channel refused, or was given up with. Absent while there are none. */
export const LOST_ALERTS_METRIC = 'LostAlerts';

/** Of the whole fleet too: looks at the list of providers that found it wrong or unreadable. Absent while it is good. */
export const REFUSED_LISTS_METRIC = 'RefusedProviderLists';

export type FleetMetric =
  | (typeof FLEET_METRICS)[keyof typeof FLEET_METRICS]
  | typeof LOST_ALERTS_METRIC
  | typeof REFUSED_LISTS_METRIC;

/** Of the whole fleet too: ticks that were refused because their time is ahead of the clock. Absent while there are none. */
export const REFUSED_TICKS_METRIC = 'RefusedTicks';

/** Second dimension of the metrics below: the provider's id. */
export const PROVIDER_DIMENSION = 'provider';

/** Of each provider, one value a scheduled check; only where they are asked for, since each costs. */
export const PROVIDER_METRICS = {
  /** 1 or 0: its average is the share of good checks. */
  healthy: 'Healthy',
  /** Milliseconds, of good checks only: a failure's time says when it was given up. */
  responseTime: 'ResponseTime',
} as const;
