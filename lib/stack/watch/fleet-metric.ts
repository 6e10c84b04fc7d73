/** The metrics of lib/config/metrics.ts as CDK metrics of one monitor. */

import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricProps } from 'aws-cdk-lib/aws-cloudwatch';
import { type FleetMetric, METRIC_NAMESPACE, MONITOR_DIMENSION } from '../../config/metrics.ts';

/** The shortest period of CloudWatch without additional cost. */
export const PERIOD = Duration.minutes(1);

/** @param tableName The metrics' dimension that identifies the monitor. */
export function fleetMetric(tableName: string, metricName: FleetMetric, props: Partial<MetricProps>): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { [MONITOR_DIMENSION]: tableName },
    period: PERIOD,
    ...props,
  });
}
