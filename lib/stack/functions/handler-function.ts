/**
 * A Lambda of this project: runtime, architecture, logs and role are the same for all. What it may do beyond writing its
 * own log is given by whoever makes it.
 */

import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../../config/deployment.ts';
import { handlerCode } from './handler-bundle.ts';
import type { HandlerName } from './handler-source.ts';

export interface HandlerFunctionProps {
  readonly handler: HandlerName;
  readonly description: string;
  readonly deployment: Deployment;
  readonly memoryMiB: number;
  readonly timeout: Duration;
  /** Invocations at the same time, kept for this function and no more than these. @default - as many as the account has */
  readonly reservedConcurrency?: number | undefined;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

export class HandlerFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own, since the one that CDK makes may write to every log group of the account.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    logGroup.grantWrite(role);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: handlerCode(props.handler, props.deployment),
      handler: 'index.handler',
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      reservedConcurrentExecutions: props.reservedConcurrency,
      role,
      logGroup,
      // One JSON object a line, Lambda's own lines included.
      loggingFormat: LoggingFormat.JSON,
    });
  }
}
