/**
 * The Lambda on the table's stream that records transitions and sends alerts. A record that it fails at comes again for an
 * hour, alone in the end, and then lies among the dead letters. What makes up for those is said in functions/alerts.ts.
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

/** It mostly waits for the channels. */
const MEMORY_MIB = 512;

/**
 * Twice the time that the channels, all at once, may take with their retries; and longer than the lease of a delivery, so
 * that what an invocation had claimed when its time was over can be claimed again by the next.
 */
const TIMEOUT = Duration.seconds(60);

/** As many statuses as change in a bad tick of a large fleet. */
const BATCH_SIZE = 100;

/** The results of one tick are stored as they settle. The function waits this long, so that they become one message. */
const BATCHING_WINDOW = Duration.seconds(5);

/** While a record fails, those behind it wait. So a channel that stays down delays other alerts for a few minutes only. */
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
  /** Where in the stream the records lie that were given up. Kept 14 days; the stream keeps the records for one. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { deployment, table, settings, concurrency }: AlertsFunctionProps) {
    super(scope, id);
    this.lambda = new HandlerFunction(this, 'Handler', {
      handler: 'alerts',
      description: 'Records changes of state and sends the alerts',
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
      // Not the latest: what is written while the mapping is being made would be lost.
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
    // Lambda reads the stream with the function's role, and tries it when the mapping is made.
    stream.node.addDependency(table.grantStream(this.lambda));
  }
}
