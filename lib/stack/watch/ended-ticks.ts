/** Finished ticks of one shard, from Lambda's own metrics, which cost nothing. */

import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { PERIOD } from './fleet-metric.ts';

export function endedTicks(lambda: LambdaFunction, label: string): MathExpression {
  const { node } = lambda;
  // Ids must be unique in a graph, which may show several shards.
  const [invocations, errors] = [`invocations${node.addr}`, `errors${node.addr}`];
  return new MathExpression({
    expression: `FILL(${invocations}, 0) - FILL(${errors}, 0)`,
    usingMetrics: {
      [invocations]: lambda.metricInvocations({ period: PERIOD, statistic: Stats.SUM }),
      [errors]: lambda.metricErrors({ period: PERIOD, statistic: Stats.SUM }),
    },
    label,
    period: PERIOD,
  });
}
