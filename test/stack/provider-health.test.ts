import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, test } from 'vitest';
import { ProviderHealthStack } from '../../lib/stack/provider-health-stack.ts';
import { TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import { newApp, newStack, resourceIn, synthesize } from './synth.ts';

const directory = mkdtempSync(join(tmpdir(), 'provider-health-'));
afterAll(() => rmSync(directory, { recursive: true }));

const template = synthesize();

test('the stack outputs the address of the API and the name of the table', () => {
  template.hasOutput('ApiUrl', { Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('Api'), 'ApiEndpoint'] } });
  template.hasOutput('TableName', { Value: { Ref: resourceIn(template, 'AWS::DynamoDB::Table', 'Table').id } });
});

test('K4: no variable of the functions says where they may go: they name the table, the threads for look-ups, and a space in memory', () => {
  const tableId = resourceIn(template, 'AWS::DynamoDB::Table', 'Table').id;
  const open = synthesize({ allowPrivateNetwork: true });
  for (const { Properties } of [
    ...Object.values(template.findResources('AWS::Lambda::Function')),
    ...Object.values(open.findResources('AWS::Lambda::Function')),
  ]) {
    const {
      UV_THREADPOOL_SIZE: threads = '64',
      NODE_OPTIONS: options = '--max-semi-space-size=25',
      ...others
    } = Properties.Environment.Variables;
    expect([threads, options]).toEqual(['64', '--max-semi-space-size=25']);
    expect(others).toEqual({ [TABLE_NAME_VARIABLE]: { Ref: tableId } });
  }
});

test('a configuration file is read from its path', () => {
  const configFile = join(directory, 'providers.json');
  writeFileSync(configFile, JSON.stringify({ providers: [{ type: 'openai', apiKey: 'ssm:/from/file' }] }));
  const stack = new ProviderHealthStack(newApp(), 'FromFile', { configFile });
  expect(JSON.stringify(Template.fromStack(stack))).toContain(':parameter/from/file');
});

test('a wrong configuration does not synthesize, and every mistake is said', () => {
  const providers = [
    { type: 'openai', apiKey: 'sk-live-0123456789' },
    { type: 'claude' as const, intervalSeconds: 0 },
  ];
  const synthesis = () => new ProviderHealthStack(newApp(), 'Wrong', { config: { providers: providers as never } });
  expect(synthesis).toThrow(/providers\[0\]\.apiKey: expected env:, ssm: or secret:/);
  expect(synthesis).toThrow(/providers\[1\]\.intervalSeconds: expected/);
  expect(synthesis).not.toThrow(/sk-live/);
});

test('K4: a private address does not synthesize unless the stack allows private networks', () => {
  const providers = [{ id: 'inside', type: 'vllm' as const, model: 'm', baseUrl: 'http://10.0.0.7:8000/v1' }];
  expect(() => new ProviderHealthStack(newApp(), 'Strict', { providers })).toThrow(/providers\[0\]\.baseUrl/);
  expect(() => new ProviderHealthStack(newApp(), 'Lenient', { providers, allowPrivateNetwork: true })).not.toThrow();
});

test.each([
  'http://127.0.0.1:9001/v1',
  'http://localhost:9001/v1',
  'https://[::1]/v1',
  'http://169.254.1.1/v1',
  'https://[fe80::1]/v1',
])('K4: %s, where only the function itself would be asked, synthesizes in no stack', (baseUrl) => {
  const providers = [{ id: 'inside', type: 'vllm' as const, model: 'm', baseUrl }];
  const synthesis = () => new ProviderHealthStack(newApp(), 'Lenient', { providers, allowPrivateNetwork: true });
  expect(synthesis).toThrow(/providers\[0\]\.baseUrl/);
});

describe('a setting that will not do what was meant causes a warning', () => {
  const warningsOf = ({ health }: ProviderHealthStack) => health.node.metadata.map(({ data }) => data);

  test('addresses of channels in environment variables, which a deployed function does not have either', () => {
    const config = { providers: [], alerts: { channels: [{ type: 'slack' as const, url: 'env:SLACK_URL' }] } };
    expect(warningsOf(new ProviderHealthStack(newApp(), 'Warned', { config }))).toEqual([
      expect.stringMatching(/^alerts env:SLACK_URL: expected ssm:\/name or secret:name/),
    ]);
  });

  test.each([
    [
      'keys in environment variables, which a deployed function does not have',
      [
        { type: 'openai', apiKey: 'env:OPENAI_API_KEY' },
        { type: 'claude', apiKey: 'env:ANTHROPIC_API_KEY' },
      ],
      /^apiKey env:OPENAI_API_KEY, env:ANTHROPIC_API_KEY: expected ssm:\/name or secret:name/,
    ],
    [
      'an interval shorter than the time between two ticks',
      [{ type: 'openai', apiKey: 'ssm:/openai', intervalSeconds: 30 }],
      /^intervalSeconds of openai: expected at least the 60 s between two ticks/,
    ],
  ] as const)('%s', (_name, providers, warning) => {
    expect(warningsOf(new ProviderHealthStack(newApp(), 'Warned', { providers }))).toEqual([
      expect.stringMatching(warning),
    ]);
  });

  test('and nothing else is', () => {
    expect(warningsOf(newStack())).toEqual([]);
  });
});
