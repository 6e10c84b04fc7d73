/** What the alerts function leaves in CloudWatch: how much did not arrive. Nothing, as long as everything does. */

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
