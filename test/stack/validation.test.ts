import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import type { ProviderInput } from '../../lib/config/schema.ts';
import type { ProviderHealthOptions } from '../../lib/stack/options.ts';
import { ProviderHealthStack } from '../../lib/stack/provider-health-stack.ts';
import { newAppWithRules, PROVIDERS } from './synth.ts';

const FRANKFURT = 'https://bedrock-runtime.eu-central-1.amazonaws.com';

const jwt = {
  issuer: 'https://login.example.com/',
  audience: ['provider-health'],
  writeScopes: ['provider-health/write'],
};

test.each<[string, ProviderHealthOptions & { providers?: readonly ProviderInput[] }]>([
  ['closed, with a tick a minute', {}],
  ['with a tick every 10 s', { tickSeconds: 10 }],
  ['with open reads', { publicStatus: true }],
  ['with tokens and open reads', { publicStatus: true, jwt }],
  [
    'with keys under a path, passwords, traces and pages of other sites',
    {
      keyPrefixes: ['ssm:/provider-health/*', 'secret:provider-health/*'],
      providerList: 's3://my-bucket/health/providers.json',
      passwords: [{ name: 'on-call', secret: 'ssm:/provider-health/page', role: 'operator' }],
      tracing: true,
      cors: { allowOrigins: ['https://status.example.com'] },
    },
  ],
  [
    'with models and inference profiles of Bedrock',
    {
      providers: [
        { id: 'nova', type: 'bedrock', baseUrl: FRANKFURT },
        { id: 'nova-eu', type: 'bedrock', baseUrl: FRANKFURT, model: 'eu.amazon.nova-micro-v1:0', probe: 'stream' },
      ],
    },
  ],
  ['with alarms by e-mail and metrics per provider', { alarmEmail: 'on-call@example.com', metricsPerProvider: true }],
])('a stack %s is clean under the default rules of CDK and the AWS Solutions rules of cdk-nag', (_name, options) => {
  const outdir = mkdtempSync(join(tmpdir(), 'provider-health-cdk-'));
  try {
    const app = newAppWithRules(outdir);
    new ProviderHealthStack(app, 'ProviderHealth', { providers: PROVIDERS, ...options });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    expect(pluginReports).toEqual([]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
