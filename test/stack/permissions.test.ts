import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../lib/stack/config-source.ts';
import { ProviderHealthStack } from '../../lib/stack/provider-health-stack.ts';
import { actionsOf, newApp, newStack, PROVIDERS, type Statement, statementsOf, synthesize, textOf } from './synth.ts';

const READ = ['dynamodb:GetItem', 'dynamodb:Query'];
const READ_SOME = ['dynamodb:BatchGetItem'];
const CHANGE = ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem'];
const TICK = ['dynamodb:UpdateItem'];
const LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const KEYS = ['secretsmanager:GetSecretValue', 'ssm:GetParameter'];
const DEAD_LETTERS = ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'];
const STREAM = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];
const ALERTS = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
const FUNCTIONS = ['Check', 'ApiRead', 'ApiManage', 'Alerts'];

/** Channels of every kind; one address is written out. */
const CHANNELS = [
  { type: 'webhook', url: 'https://hooks.example.com/a', secret: 'secret:alert-secrets#webhook' },
  { type: 'slack', url: 'ssm:/alerts/slack' },
  { type: 'discord', url: 'ssm:/alerts/discord' },
  { type: 'teams', url: 'ssm:/alerts/teams' },
  { type: 'pagerduty', routingKey: 'ssm:/alerts/pagerduty' },
  { type: 'sns', topicArn: 'arn:aws:sns:eu-central-1:111122223333:alerts' },
  { type: 'eventbridge', eventBus: 'alerts' },
  { type: 'eventbridge', id: 'other', eventBus: 'arn:aws:events:eu-west-1:111122223333:event-bus/other' },
] as const;

const template = synthesize();
const telling = Template.fromStack(
  new ProviderHealthStack(newApp(), 'ProviderHealth', {
    config: { providers: [...PROVIDERS], alerts: { channels: [...CHANNELS] } },
  }),
);

function resourcesOf(from: Template, functionPart: string, action: string): string[] {
  return statementsOf(from, functionPart)
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => Resource)
    .map(textOf)
    .sort();
}

describe('K6: each function may do what it does, and no more', () => {
  test.each([
    ['Check', [...READ, ...READ_SOME, ...CHANGE, ...TICK, ...LOG, ...KEYS, ...DEAD_LETTERS, ...STREAM]],
    ['ApiManage', [...READ, ...CHANGE, ...LOG, ...KEYS]],
    // The one that answers without a proof reaches no secret and writes nothing.
    ['ApiRead', [...READ, ...READ_SOME, ...LOG]],
    ['Alerts', [...STREAM, ...ALERTS, ...LOG, ...DEAD_LETTERS]],
  ])('%s', (name, actions) => {
    expect(actionsOf(template, name)).toEqual([...actions].sort());
  });

  test("Alerts reads the one stream, and changes nothing but what is alerts' own", () => {
    const statements = statementsOf(template, 'Alerts');
    const ofTable = statements.find(({ Action }) => Action.includes('dynamodb:PutItem'));
    expect(ofTable?.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ALERT', 'TRANSITION', 'DELIVERY#*', 'ANNOUNCED#*'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    expect(resourcesOf(template, 'Alerts', 'dynamodb:GetRecords')).toEqual([
      expect.stringMatching(/^HealthTable\w*\.StreamArn$/),
    ]);
  });
});

describe('K6: alert channels', () => {
  test.each(['Alerts', 'ApiManage'])('%s may use those that are configured, and no others', (name) => {
    expect(resourcesOf(telling, name, 'sns:Publish')).toEqual(['arn:aws:sns:eu-central-1:111122223333:alerts']);
    expect(resourcesOf(telling, name, 'events:PutEvents')).toEqual([
      'arn:AWS::Partition:events:AWS::Region:AWS::AccountId:event-bus/alerts',
      'arn:aws:events:eu-west-1:111122223333:event-bus/other',
    ]);
  });

  test('Alerts may read the secrets that they name, and no key of a provider', () => {
    expect(resourcesOf(telling, 'Alerts', 'ssm:GetParameter')).toEqual(
      [
        'aws/reference/secretsmanager/alert-secrets',
        'alerts/discord',
        'alerts/pagerduty',
        'alerts/slack',
        'alerts/teams',
      ]
        .map((name) => `arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/${name}`)
        .sort(),
    );
    expect(resourcesOf(telling, 'Alerts', 'secretsmanager:GetSecretValue')).toEqual([
      'arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:alert-secrets-??????',
    ]);
  });

  test.each(['Check', 'ApiRead'])('%s may use none', (name) => {
    expect(actionsOf(telling, name)).toEqual(actionsOf(template, name));
    expect(JSON.stringify(statementsOf(telling, name))).not.toMatch(/alert/i);
  });
});

describe.each([
  ['with a tick a minute', template],
  ['with a tick every 10 s', synthesize({ tickSeconds: 10 })],
  ['with open reads', synthesize({ publicStatus: true })],
  ['with alerts', telling],
])('K6: %s', (_name, synthesized) => {
  const statements = Object.values(synthesized.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
  );

  test('no policy allows every action or every resource', () => {
    expect(statements.length).toBeGreaterThanOrEqual(FUNCTIONS.length);
    for (const { Effect, Action, Resource } of statements) {
      expect(Effect).toBe('Allow');
      for (const action of [Action].flat()) expect(action).not.toContain('*');
      for (const resource of [Resource].flat()) expect(textOf(resource)).not.toContain('*');
    }
  });

  test('no role has rights beyond its policies', () => {
    for (const { Properties } of Object.values(synthesized.findResources('AWS::IAM::Role'))) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
      expect(Properties).not.toHaveProperty('Policies');
    }
  });

  test('each function writes its own log group, whose lines are kept for a month', () => {
    for (const name of FUNCTIONS) {
      const [logGroup] = resourcesOf(synthesized, name, 'logs:PutLogEvents');
      expect(logGroup).toMatch(new RegExp(`${name}.*Logs.*\\.Arn$`));
    }
    synthesized.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });
});

describe('keys', () => {
  test.each(['Check', 'ApiManage'])('K6: %s may read the parameters and secrets that the references name', (name) => {
    expect(resourcesOf(template, name, 'ssm:GetParameter')).toEqual([
      'arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/aws/reference/secretsmanager/anthropic',
      'arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/provider-health/openai',
    ]);
    expect(resourcesOf(template, name, 'secretsmanager:GetSecretValue')).toEqual([
      'arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:anthropic-??????',
    ]);
  });

  test('K6: providers without keys need no right to read one', () => {
    const app = newApp();
    const stack = new ProviderHealthStack(app, 'Keyless', { providers: [] });
    expect(actionsOf(Template.fromStack(stack), 'Check').filter((action) => /^(ssm|secrets|kms)/.test(action))).toEqual(
      [],
    );
  });

  test('providers that are registered later may use the keys that were named for them', () => {
    const registeredKeys = [{ apiKey: 'ssm:/provider-health/later', hosts: ['later.example.com'] }];
    const later = synthesize({ registeredKeys });
    expect(resourcesOf(later, 'Check', 'ssm:GetParameter')).toContain(
      'arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/provider-health/later',
    );
  });

  test('a key of its own encrypts parameters: it is used for reading those, and for nothing else', () => {
    const app = newApp();
    const holder = new ProviderHealthStack(app, 'Holder', { providers: [] });
    const key = Key.fromKeyArn(holder, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/1234');
    const stack = new ProviderHealthStack(app, 'WithKey', { providers: PROVIDERS, encryptionKeys: [key] });
    const decrypt = statementsOf(Template.fromStack(stack), 'Check').find(({ Action }) => Action === 'kms:Decrypt');
    expect(decrypt?.Resource).toBe(key.keyArn);
    expect(decrypt?.Condition).toHaveProperty(['StringEquals', 'kms:ViaService']);
  });

  test('K10: references in headers, bodies and paths of providers are read too', () => {
    const provider = {
      type: 'openai-compatible' as const,
      model: 'm',
      baseUrl: 'https://llm.example.com/ssm:%2Fgateway%2Fpath/v1',
      headers: { 'x-gateway-token': 'ssm:/gateway/header', 'x-team': 'search' },
      body: { metadata: [{ session: 'secret:gateway#body' }, 'ssm:/not a reference'] },
      auth: { type: 'entra-client', tenantId: 't', clientId: 'c', clientSecret: 'ssm:/gateway/client' } as const,
    };
    const stack = new ProviderHealthStack(newApp(), 'Gateway', { providers: [provider] });
    for (const name of ['Check', 'ApiManage']) {
      expect(
        resourcesOf(Template.fromStack(stack), name, 'ssm:GetParameter').map((arn) => arn.split('parameter/')[1]),
      ).toEqual(['aws/reference/secretsmanager/gateway', 'gateway/client', 'gateway/header', 'gateway/path']);
    }
  });

  test('the heartbeat address is read by the check alone', () => {
    const config = { providers: [], heartbeatUrl: 'ssm:/heartbeat' };
    const template = Template.fromStack(new ProviderHealthStack(newApp(), 'Beating', { config }));
    expect(resourcesOf(template, 'Check', 'ssm:GetParameter')).toEqual([
      expect.stringMatching(/parameter\/heartbeat$/),
    ]);
    expect(resourcesOf(template, 'ApiManage', 'ssm:GetParameter')).toEqual([]);
  });

  test('registered keys stand in one place, and the functions get them', () => {
    const registeredKeys = [{ apiKey: 'ssm:/later', hosts: ['later.example.com'] }];
    expect(readConfig({ providers: [] }, 'public', registeredKeys).config).toEqual({ providers: [], registeredKeys });
    expect(() => readConfig({ config: { providers: [], registeredKeys } }, 'public', registeredKeys)).toThrow(
      'registeredKeys: expected in one place, got both in the configuration and in the props. Remove one.',
    );
  });

  test('a registered key that is no reference stops the synthesis without being repeated', () => {
    const registeredKeys = [{ apiKey: 'sk-live-0123456789', hosts: ['api.example.com'] }];
    const synthesis = () => newStack({ registeredKeys });
    expect(synthesis).toThrow('registeredKeys[0].apiKey: expected env:, ssm: or secret: and a name');
    expect(synthesis).not.toThrow(/sk-live/);
  });
});
