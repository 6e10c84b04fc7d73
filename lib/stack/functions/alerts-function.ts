/**
 * The Lambda on the table's stream that records transitions and sends alerts. Lambda retries a failed record for an
 * hour, in the end alone, and then sends it to the dead-letter queue. functions/alerts.ts says what makes up for lost
 * records.
 */

import { Duration } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  FilterCriteria,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from '../../config/deployment.ts';
import type { HealthTable } from '../health-table.ts';
import { type ConcurrencyOptions, concurrencyOf } from './concurrency.ts';
import { deadLetterQueue } from './dead-letters.ts';
import type { FunctionSettings } from './function-settings.ts';
import { HandlerFunction } from './handler-function.ts';
import { NOTICE_PATTERNS } from './stream-filter.ts';

/** Little, since the function mostly waits for channels. */
const MEMORY_MIB = 512;

/**
 * More than twice the time of the channels (20 s, all at once, with retries), and longer than the lease of a delivery
 * (40 s). So the next invocation can claim the deliveries of one that timed out.
 */
const TIMEOUT = Duration.seconds(60);

/** Enough for all transitions in a bad tick of a large fleet. */
const BATCH_SIZE = 100;

/** Waits for further writes of the same tick, since each result is stored as it settles. So they become one message. */
const BATCHING_WINDOW = Duration.seconds(5);

/** Records behind a failing one wait. A channel that fails fails no record; the table, or a record that is not understood, does. */
const RETRIES = 10;

/** An hour-old alert is outdated: the problem's next reminder says the same. */
const RECORD_AGE = Duration.hours(1);

export interface AlertsFunctionProps {
  readonly deployment: Deployment;
  readonly table: HealthTable;
  readonly settings: FunctionSettings;
  readonly concurrency?: ConcurrencyOptions | undefined;
}

export class AlertsFunction extends Construct {
  readonly lambda: LambdaFunction;
  /**
   * Places in the stream of records that were given up. Kept for 14 days; the stream itself keeps the records for one
   * day.
   */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { deployment, table, settings, concurrency }: AlertsFunctionProps) {
    super(scope, id);
    this.lambda = new HandlerFunction(this, 'Handler', {
      handler: 'alerts',
      description: 'Records transitions and sends the alerts',
      deployment,
      memoryMiB: settings.memory?.alerts ?? MEMORY_MIB,
      timeout: TIMEOUT,
      reservedConcurrency: concurrencyOf('alerts', concurrency?.alerts),
      callsOut: true,
      settings,
    }).lambda;
    this.deadLetters = deadLetterQueue(this, 'of the stream');
    table.grantAlerts(this.lambda);
    const stream = new EventSourceMapping(this, 'Stream', {
      target: this.lambda,
      eventSourceArn: table.streamArn,
      // LATEST would lose writes that are made while the mapping is being created.
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: NOTICE_PATTERNS.map((pattern) => FilterCriteria.filter(pattern)),
      batchSize: BATCH_SIZE,
      maxBatchingWindow: BATCHING_WINDOW,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: RETRIES,
      maxRecordAge: RECORD_AGE,
      onFailure: new SqsDlq(this.deadLetters),
    });
    // Lambda reads the stream with the function's role, and tests this when it creates the mapping.
    stream.node.addDependency(table.grantStream(this.lambda));
  }
}
