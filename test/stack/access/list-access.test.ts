import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { ProviderHealthStack } from '../../../lib/stack/provider-health-stack.ts';
import { actionsOf, newApp, statementsOf, synthesize, textOf } from '../synth.ts';

const FUNCTIONS = ['Check', 'ApiRead', 'ApiManage', 'Alerts'];

const rightsOf = (template: Template) =>
  FUNCTIONS.flatMap((name) =>
    statementsOf(template, name).flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((one) => `${name} ${action} ${textOf(one)}`)),
    ),
  );

const known = new Set(rightsOf(synthesize()));

/** The rights that each function gets for reading the list. */
const addedBy = (providerList: string) => rightsOf(synthesize({ providerList })).filter((right) => !known.has(right));

describe('K6: a list of providers', () => {
  test('in S3 is read by the check function: that object, and nothing else', () => {
    expect(addedBy('s3://my-bucket/health/providers.json')).toEqual([
      'Check s3:GetObject arn:AWS::Partition:s3:::my-bucket/health/providers.json',
    ]);
  });

  test('in a parameter is read by the check function: that one, and nothing else', () => {
    expect(addedBy('ssm:/health/providers')).toEqual([
      'Check ssm:GetParameter arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/health/providers',
    ]);
  });

  test('that is encrypted with a key of its own is decrypted for S3 alone', () => {
    const app = newApp();
    const holder = new ProviderHealthStack(app, 'Holder', { providers: [] });
    const key = Key.fromKeyArn(holder, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/1234');
    const stack = new ProviderHealthStack(app, 'Listed', {
      providers: [],
      providerList: 's3://my-bucket/providers.json',
      encryptionKeys: [key],
    });
    const template = Template.fromStack(stack);
    const decrypting = statementsOf(template, 'Check').filter(({ Action }) => Action === 'kms:Decrypt');
    const services = decrypting.map(({ Condition }) => JSON.stringify(Condition).match(/\b(s3|ssm|secretsmanager)\./g));
    expect(services).toEqual([['s3.']]);
    expect(actionsOf(template, 'ApiManage')).not.toContain('kms:Decrypt');
  });
});
