/**
 * The alerts function's metric in CloudWatch: how many alerts did not arrive. Nothing is written while all of them
 * arrive.
 */

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { LOST_ALERTS_METRIC, METRIC_NAMESPACE } from '../../lib/config/metrics.ts';

/** @param tableName The dimension that separates the metrics of several monitors. */
export function createLostAlertsMetric(tableName: string): (alerts: readonly string[]) => void {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: tableName });
  return (alerts) => {
    metrics.addMetric(LOST_ALERTS_METRIC, MetricUnit.Count, alerts.length);
    metrics.publishStoredMetrics();
  };
}
