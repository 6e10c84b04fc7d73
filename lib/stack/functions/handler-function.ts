/**
 * A Lambda of this project, with the common runtime, architecture, logs and role. The role may only write the
 * function's own log; the caller grants the rest.
 */

import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../../config/deployment.ts';
import type { FunctionSettings } from './function-settings.ts';
import { withHandlerCode } from './handler-bundle.ts';
import type { HandlerName } from './handler-source.ts';

export interface HandlerFunctionProps {
  readonly handler: HandlerName;
  readonly description: string;
  readonly deployment: Deployment;
  readonly memoryMiB: number;
  readonly timeout: Duration;
  /** Concurrent invocations, reserved for this function and its maximum. @default - not reserved */
  readonly reservedConcurrency?: number | undefined;
  /** Whether the function calls other services, and so needs the network of the settings. */
  readonly callsOut: boolean;
  readonly settings: FunctionSettings;
}

/** Actions that Lambda needs to put the function into a VPC. They support no resources. */
const NETWORK_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

export class HandlerFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const { logRetention, tracing = false, environment = {} } = props.settings;
    const network = props.callsOut ? props.settings.network : undefined;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // An own role, since CDK's default role may write to every log group of the account.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    logGroup.grantWrite(role);
    if (network) role.addToPolicy(new PolicyStatement({ actions: NETWORK_ACTIONS, resources: ['*'] }));
    if (network || tracing) {
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'Network interfaces and traces have no resource that a policy could name.',
      });
    }
    const withCode = (code: Code) =>
      new LambdaFunction(this, 'Function', {
        description: props.description,
        runtime: Runtime.NODEJS_24_X,
        architecture: Architecture.ARM_64,
        code,
        handler: 'index.handler',
        memorySize: props.memoryMiB,
        timeout: props.timeout,
        reservedConcurrentExecutions: props.reservedConcurrency,
        role,
        logGroup,
        environment: { ...environment },
        tracing: tracing ? Tracing.ACTIVE : Tracing.DISABLED,
        ...(network && { vpc: network.vpc, vpcSubnets: network.vpcSubnets, securityGroups: network.securityGroups }),
        // Lambda's own lines are JSON too.
        loggingFormat: LoggingFormat.JSON,
      });
    this.lambda = withHandlerCode(this, props.handler, props.deployment, withCode);
  }
}
