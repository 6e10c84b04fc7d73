import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../lib/config/error.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { type Deployed, parseList } from '../../lib/lists/parse.ts';
import { parseListSource } from '../../lib/lists/source.ts';

const BEDROCK = { type: 'bedrock', baseUrl: 'https://bedrock-runtime.eu-central-1.amazonaws.com' };
const CONFIG = {
  defaults: { intervalSeconds: 30 },
  providers: [
    { type: 'openai', apiKey: 'ssm:/health/openai' },
    { type: 'claude', apiKey: 'secret:llm#claude' },
    { ...BEDROCK, model: 'amazon.nova-micro-v1:0' },
  ],
  registeredKeys: [{ apiKey: 'ssm:/later', hosts: ['later.example.com'] }],
  alerts: { channels: [{ type: 'slack', url: 'ssm:/slack' }] },
};
const DEPLOYED: Deployed = {
  config: CONFIG,
  parsed: parseConfig(CONFIG, { addressPolicy: 'public' }),
  addressPolicy: 'public',
  shards: 1,
  keyPrefixes: ['ssm:/folder/*', 'secret:folder/*'],
};

const parse = (list: unknown) => parseList(typeof list === 'string' ? list : JSON.stringify(list), DEPLOYED);

function linesOf(list: unknown): string {
  try {
    parse(list);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

const openai = (fields: object = {}) => ({ type: 'openai', apiKey: 'ssm:/health/openai', ...fields });

describe('a list of providers', () => {
  it('takes the place of the providers, and leaves the rest of the deployment', () => {
    const config = parse({ providers: [openai({ id: 'other' })] });
    expect(config.providers.map(({ id, intervalSeconds }) => [id, intervalSeconds])).toEqual([['other', 30]]);
    expect(config.alerts.channels).toHaveLength(1);
    expect(config.registeredKeys).toHaveLength(1);
  });

  it('may have defaults of its own', () => {
    const { providers } = parse({ $schema: './s.json', defaults: { timeoutSeconds: 3 }, providers: [openai()] });
    expect(providers[0]).toMatchObject({ timeoutSeconds: 3, intervalSeconds: 60 });
  });

  it.each([
    openai(),
    openai({ apiKey: 'secret:llm#another-field' }),
    openai({ apiKey: 'ssm:/later' }),
    openai({ apiKey: 'ssm:/folder/any' }),
    openai({ apiKey: 'secret:folder/any#field' }),
    openai({ apiKey: 'env:OPENAI' }),
    { ...BEDROCK, model: 'amazon.nova-micro-v1:0' },
    { ...BEDROCK, model: 'amazon.nova-pro-v1:0', probe: 'models' },
  ])('may use what the deployment may: %j', (provider) => {
    expect(parse({ providers: [provider] }).providers).toHaveLength(1);
  });
});

describe('a list is refused', () => {
  const KEY = 'expected a key that this deployment may read, got';
  const DEPLOY = 'Deploy with it in keyPrefixes or registeredKeys, or write one that the deployment names.';
  it.each([
    ['that is no JSON', '{"providers": [}', 'line 1, column 16: expected a value, got "}".'],
    ['that is cut off', '{"providers": [{"type":', 'line 1, column 24: expected a value, got the end of the file.'],
    ['that is none', '[]', 'expected an object with "providers".'],
    [
      'that is empty',
      { providers: [] },
      'providers: expected at least one provider, got none. To monitor none, deploy so.',
    ],
    [
      'with what needs a deployment',
      { providers: [openai()], alerts: { channels: [] } },
      'alerts: expected only "providers" and "defaults" in a list. Set it in the deployment.',
    ],
    [
      'with an unknown type',
      { providers: [openai({ type: 'opnai' })] },
      'providers[0].type: expected a provider type, got "opnai". Did you mean "openai"?',
    ],
    [
      'with a key that may not be read',
      { providers: [openai(), openai({ id: 'b', apiKey: 'ssm:/health/other' })] },
      `providers[1].apiKey: ${KEY} ssm:/health/other. ${DEPLOY}`,
    ],
    [
      'with a key beside a folder',
      { providers: [openai({ apiKey: 'ssm:/folders/any' })] },
      `providers[0].apiKey: ${KEY} ssm:/folders/any. ${DEPLOY}`,
    ],
    [
      'with a header that may not be read',
      { providers: [openai({ headers: { 'x-a': 'secret:other' } })] },
      `providers[0].headers.x-a: ${KEY} secret:other. ${DEPLOY}`,
    ],
    [
      'with the key of an alert',
      { providers: [openai({ apiKey: 'ssm:/slack' })] },
      `providers[0].apiKey: ${KEY} ssm:/slack. ${DEPLOY}`,
    ],
    [
      'with a model that may not be asked',
      { providers: [{ ...BEDROCK, model: 'amazon.nova-pro-v1:0' }] },
      'providers[0].model: expected a model of Bedrock that this deployment may ask by its role, got amazon.nova-pro-v1:0 with probe "completion" in eu-central-1. Deploy with it, or write an apiKey.',
    ],
    [
      'with a model that may be asked in another way',
      { providers: [{ ...BEDROCK, model: 'amazon.nova-micro-v1:0', probe: 'stream' }] },
      'providers[0].model: expected a model of Bedrock that this deployment may ask by its role, got amazon.nova-micro-v1:0 with probe "stream" in eu-central-1. Deploy with it, or write an apiKey.',
    ],
    [
      'with more providers than its shards measure well',
      { providers: Array.from({ length: 311 }, (_, index) => openai({ id: `p${index}` })) },
      'providers: expected at most 310 providers in each of 1 shards, got 311. Deploy with more shards.',
    ],
  ])('%s', (_what, list, message) => {
    expect(linesOf(list)).toBe(message);
  });

  it('with a literal key that is not repeated', () => {
    expect(linesOf({ providers: [openai({ apiKey: 'sk-live-0123456789' })] })).not.toContain('sk-live');
  });
});

describe('the source of a list', () => {
  it.each([
    ['s3://my-bucket/health/providers.json', { kind: 's3', bucket: 'my-bucket', key: 'health/providers.json' }],
    ['ssm:/health/providers', { kind: 'ssm', name: '/health/providers' }],
  ])('may be %s', (text, source) => {
    expect(parseListSource(text)).toEqual(source);
  });

  it.each([
    '',
    'providers.json',
    's3://bucket',
    's3://B/key',
    's3://bucket/a b',
    's3://bucket/*',
    'ssm:health',
    'https://a/b',
  ])('is not %j', (text) => {
    expect(parseListSource(text)).toBeNull();
  });
});
