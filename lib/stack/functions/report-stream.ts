/**
 * Invokes the check function for the reports that routers write to the table. Together with the alerts function, two
 * functions read the table's stream, which is DynamoDB's limit; a third one would be throttled.
 */

import { Duration } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  FilterCriteria,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { HealthTable } from '../health-table.ts';
import { REPORT_PATTERN } from './stream-filter.ts';

export function addReportStream(scope: Construct, id: string, fn: LambdaFunction, table: HealthTable): void {
  const stream = new EventSourceMapping(scope, id, {
    target: fn,
    eventSourceArn: table.streamArn,
    startingPosition: StartingPosition.LATEST,
    filters: [FilterCriteria.filter(REPORT_PATTERN)],
    // In an outage many routers report at once. A batch causes one check of each provider.
    batchSize: 100,
    // No retry and no alarm: the next tick makes up for a lost report.
    retryAttempts: 0,
    maxRecordAge: Duration.seconds(60),
  });
  // Lambda reads the stream with the function's role, and tests this when it creates the mapping.
  stream.node.addDependency(table.grantStream(fn));
}
