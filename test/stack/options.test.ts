/** Options that change how the functions run, what is granted to others, and what exists already. */

import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import type { ProviderHealthOptions } from '../../lib/stack/options.ts';
import { ProviderHealth } from '../../lib/stack/provider-health.ts';
import { TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import { newApp, PROVIDERS, resourceIn, type Statement, statementsOf, textOf } from './synth.ts';

const FUNCTIONS = ['CheckHandler', 'ApiRead', 'ApiManage', 'AlertsHandler'];

/** A stack of the user's own, which holds what the options refer to. */
function ownStack(optionsOf: (stack: Stack) => ProviderHealthOptions, then?: (health: ProviderHealth) => void) {
  const stack = new Stack(newApp(), 'Own', { env: { account: '111122223333', region: 'eu-central-1' } });
  const health = new ProviderHealth(stack, 'Health', { providers: PROVIDERS, ...optionsOf(stack) });
  then?.(health);
  return Template.fromStack(stack);
}

const functionOf = (template: Template, name: string) =>
  resourceIn(template, 'AWS::Lambda::Function', `Health${name}`).properties;

describe('a VPC', () => {
  const template = ownStack((stack) => {
    const vpc = new Vpc(stack, 'Vpc');
    return {
      vpc,
      securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
      allowPrivateNetwork: true,
    };
  });

  test('has the functions that call out, and not the one that answers reads', () => {
    for (const name of ['CheckHandler', 'ApiManage', 'AlertsHandler']) {
      expect(functionOf(template, name).VpcConfig, name).toMatchObject({
        SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^Group/), 'GroupId'] }],
      });
    }
    expect(functionOf(template, 'ApiRead').VpcConfig).toBeUndefined();
  });

  test('needs the right to make network interfaces', () => {
    const actions = (name: string) => statementsOf(template, `Health${name}`).flatMap(({ Action }) => Action);
    expect(actions('CheckHandler')).toContain('ec2:CreateNetworkInterface');
    expect(actions('ApiRead')).not.toContain('ec2:CreateNetworkInterface');
  });
});

test('every function gets the options of all: traces, variables, memory, concurrency, and a boundary for its role', () => {
  const template = ownStack((stack) => ({
    tracing: true,
    environment: { OTEL_SERVICE_NAME: 'health', [TABLE_NAME_VARIABLE]: 'not-this-one' },
    memorySize: { reads: 2048 },
    concurrency: { check: 4, alerts: 2 },
    rolePermissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'),
    apiName: 'health-production',
  }));
  for (const name of FUNCTIONS) {
    const { TracingConfig, Environment } = functionOf(template, name) as {
      TracingConfig: unknown;
      Environment: { Variables: Record<string, unknown> };
    };
    expect(TracingConfig).toEqual({ Mode: 'Active' });
    expect(Environment.Variables.OTEL_SERVICE_NAME).toBe('health');
    expect(Environment.Variables[TABLE_NAME_VARIABLE]).toEqual({ Ref: expect.stringMatching(/^HealthTable/) });
  }
  expect(FUNCTIONS.map((name) => functionOf(template, name).MemorySize)).toEqual([512, 2048, 512, 512]);
  expect(FUNCTIONS.map((name) => functionOf(template, name).ReservedConcurrentExecutions)).toEqual([
    4,
    undefined,
    undefined,
    2,
  ]);
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Role'))) {
    expect(textOf(Properties.PermissionsBoundary)).toMatch(/policy\/boundary$/);
  }
  template.hasResourceProperties('AWS::ApiGatewayV2::Api', { Name: 'health-production' });
});

describe('a table that exists', () => {
  const STREAM = 'arn:aws:dynamodb:eu-central-1:111122223333:table/kept/stream/2026-01-01T00:00:00.000';

  test('is used, with its stream, and no other is made', () => {
    const template = ownStack((stack) => ({
      table: Table.fromTableAttributes(stack, 'Kept', { tableName: 'kept', tableStreamArn: STREAM }),
    }));
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    for (const { Properties } of Object.values(template.findResources('AWS::Lambda::EventSourceMapping'))) {
      expect(Properties.EventSourceArn).toBe(STREAM);
    }
    const written = statementsOf(template, 'HealthCheckHandler').find(({ Action }) =>
      Action.includes('dynamodb:PutItem'),
    );
    expect(textOf(written?.Resource)).toMatch(/:table\/kept$/);
  });

  test('without a stream stops the synthesis', () => {
    expect(() => ownStack((stack) => ({ table: Table.fromTableName(stack, 'Kept', 'kept') }))).toThrow(
      'table: expected a table with the ARN of its stream, got none',
    );
  });
});

test('a key of your own encrypts the table, and those that use the table may use it', () => {
  const template = ownStack((stack) => ({ tableEncryptionKey: new Key(stack, 'Key') }));
  template.hasResourceProperties('AWS::DynamoDB::Table', {
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
  });
  for (const name of FUNCTIONS) {
    const actions = statementsOf(template, `Health${name}`).flatMap(({ Action }) => Action);
    expect(actions, name).toContain('kms:Decrypt');
  }
});

describe('grants', () => {
  const roleOf = (stack: Stack) =>
    new Role(stack, 'Container', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });

  function policyOf(template: Template): Statement[] {
    const { properties } = resourceIn(template, 'AWS::IAM::Policy', 'ContainerDefaultPolicy');
    return (properties.PolicyDocument as { Statement: Statement[] }).Statement;
  }

  test('to the role of a container have no variable, and the same rights as those to a function', () => {
    const template = ownStack(
      () => ({}),
      (health) => {
        const role = roleOf(Stack.of(health));
        health.grantRead(role);
        health.grantReport(role);
      },
    );
    expect(policyOf(template).map(({ Action }) => Action)).toEqual([
      ['dynamodb:GetItem', 'dynamodb:Query'],
      'dynamodb:PutItem',
    ]);
  });

  test.each([
    [{}, ['GET', 'HEAD']],
    [{ writes: true }, ['*']],
  ])('of signed requests %j are for the routes of these methods: %j', (options, methods) => {
    const template = ownStack(
      () => ({}),
      (health) => health.grantInvoke(roleOf(Stack.of(health)), options),
    );
    const [statement] = policyOf(template);
    expect(statement?.Action).toBe('execute-api:Invoke');
    expect([statement?.Resource].flat().map((arn) => textOf(arn).replace(/^.*\$default\//, ''))).toEqual(
      methods.map((method) => `${method}/*`),
    );
  });

  test('of a monitor in another app need the name of its table', () => {
    const stack = new Stack(newApp(), 'Router', { env: { account: '111122223333', region: 'eu-central-1' } });
    const router = new LambdaFunction(stack, 'Fn', {
      code: Code.fromInline('exports.handler = async () => {}'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
    });
    const health = ProviderHealth.fromTableName(stack, 'Health', 'the-table');
    health.grantRead(router);
    health.grantReport(router);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { [TABLE_NAME_VARIABLE]: 'the-table' } },
    });
    const statements = statementsOf(template, 'Fn');
    expect(
      statements.flatMap(({ Resource }) => textOf(Resource)).every((arn) => arn.endsWith(':table/the-table')),
    ).toBe(true);
    expect(statements).toHaveLength(2);
  });
});

test('the construct has the outputs of the stack, on demand', () => {
  const template = ownStack(
    () => ({}),
    (health) => health.addOutputs(),
  );
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    expect.stringMatching(/^HealthApiUrl/),
    expect.stringMatching(/^HealthTableName/),
  ]);
});
