/** A test as the users of CDK write it, for jest. */

import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HealthChecker } from 'provider-health';
import { ProviderHealth } from 'provider-health/cdk';
import { createHealthReader } from 'provider-health/reader';

test('the stack has the functions of the monitor', () => {
  const stack = new Stack(new App(), 'Test');
  new ProviderHealth(stack, 'Health', { providers: [{ type: 'openai', apiKey: 'ssm:/provider-health/openai' }] });
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  expect(Object.keys(functions).length).toBeGreaterThanOrEqual(4);
});

test('the other entries are there too', () => {
  expect(typeof HealthChecker).toBe('function');
  const reader = createHealthReader({
    url: 'http://127.0.0.1:9',
    auth: { type: 'none' },
    providers: ['openai'],
  });
  expect(typeof reader.getHealthyProviders).toBe('function');
});
