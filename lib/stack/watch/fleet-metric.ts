/** The metrics of lib/config/metrics.ts as CloudWatch has them: of one monitor, minute by minute. */

import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricProps } from 'aws-cdk-lib/aws-cloudwatch';
import { type FleetMetric, METRIC_NAMESPACE, MONITOR_DIMENSION } from '../../config/metrics.ts';

/** CloudWatch's shortest period without a price of its own. */
export const PERIOD = Duration.minutes(1);

/** @param tableName By which the functions name this monitor. */
export function fleetMetric(tableName: string, metricName: FleetMetric, props: Partial<MetricProps>): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { [MONITOR_DIMENSION]: tableName },
    period: PERIOD,
    ...props,
  });
}
