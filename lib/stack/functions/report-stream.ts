/**
 * Invokes the check function where real traffic fails: on the reports that routers write to the table. With the alerts
 * function these are the two that may read a table's stream; a third would be throttled.
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
    // Reports of an outage come from many routers at once, and are one check.
    batchSize: 100,
    // The next tick makes up for one that is lost or late: nothing is repeated, and there is no alarm.
    retryAttempts: 0,
    maxRecordAge: Duration.seconds(60),
  });
  // Lambda reads the stream with the function's role, and tries it when the mapping is made.
  stream.node.addDependency(table.grantStream(fn));
}
