import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../lib/config/error.ts';
import { parseConfig, parseProvider } from '../../lib/config/parse.ts';
import type { AddressPolicy } from '../../lib/egress/guard.ts';

const OPENAI = { type: 'openai', apiKey: 'env:OPENAI_API_KEY' };
const COMPATIBLE = { type: 'openai-compatible', model: 'm', baseUrl: 'https://llm.example.com/v1' };

const parse = (json: unknown, addressPolicy: AddressPolicy = 'public') => parseConfig(json, { addressPolicy });

describe('a configuration', () => {
  test.each([
    [1, 0.8],
    [5, 4],
    [7, 5.6],
    [12.5, 10],
    [60, 10],
  ])('for a tick of %d s has a default timeout of %d s, and keeps one that is written', (tickSeconds, expected) => {
    const own = { ...COMPATIBLE, id: 'own', timeoutSeconds: 12 };
    const config = parseConfig({ providers: [COMPATIBLE, own] }, { addressPolicy: 'public', tickSeconds });
    expect(config.providers.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([expected, 12]);
    expect(config.defaults.timeoutSeconds).toBe(expected);
  });

  test('has every default applied', () => {
    const { providers, witnesses, heartbeatUrl } = parse({ providers: [OPENAI] });
    expect(providers).toEqual([
      {
        id: 'openai',
        type: 'openai',
        model: 'gpt-6-luna',
        baseUrl: 'https://api.openai.com/v1',
        apiKey: 'env:OPENAI_API_KEY',
        auth: null,
        headers: {},
        body: {},
        maxTokens: null,
        intervalSeconds: 60,
        timeoutSeconds: 10,
        firstTokenTimeoutSeconds: null,
        targetResponseMs: 1000,
        degradedAboveMs: null,
        degradedFirstTokenAboveMs: null,
        probe: 'completion',
        completionEverySeconds: null,
        maxTokensPerDay: 100_000,
        blacklistAfter: 3,
        recoveryThreshold: 2,
        tags: [],
        enabled: true,
        maintenance: [],
      },
    ]);
    expect({ witnesses, heartbeatUrl }).toEqual({
      witnesses: ['one.one.one.one:443', 'www.google.com:443'],
      heartbeatUrl: null,
    });
  });

  test('keeps what a provider says, and keeps the order', () => {
    const input = {
      id: 'eu',
      type: 'anthropic-compatible',
      model: 'claude-x',
      baseUrl: 'https://llm.example.com/anthropic',
      apiKey: 'secret:llm#claude',
      auth: null,
      headers: { 'x-team': 'search' },
      body: { thinking: null, metadata: { user: 'monitor' } },
      maxTokens: 4,
      intervalSeconds: 30,
      timeoutSeconds: 2.5,
      firstTokenTimeoutSeconds: 2.5,
      targetResponseMs: 400,
      degradedAboveMs: null,
      degradedFirstTokenAboveMs: null,
      probe: 'stream',
      completionEverySeconds: 30,
      maxTokensPerDay: 0,
      blacklistAfter: 5,
      recoveryThreshold: 1,
      tags: ['eu', 'batch.2'],
      enabled: false,
      maintenance: [{ cron: '0 3 * * SUN', timeZone: 'Europe/Berlin', durationMinutes: 60 }],
    };
    const { providers } = parse({ $schema: './providers.schema.json', providers: [COMPATIBLE, input] });
    expect(providers.map(({ id }) => id)).toEqual(['openai-compatible', 'eu']);
    expect(providers[1]).toEqual(input);
  });

  test('says where tokens of credentials are asked for', () => {
    const google = { type: 'google-service-account', key: 'secret:vertex' };
    const entra = { type: 'entra-client', tenantId: 'contoso.com', clientId: 'app', clientSecret: 'ssm:/azure' };
    const national = {
      scope: 'https://ai.azure.us/.default',
      tokenUrl: 'https://login.microsoftonline.us/t/oauth2/v2.0/token',
    };
    const project = 'https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google';
    const { providers } = parse({
      providers: [
        { type: 'vertex', baseUrl: project, auth: google },
        { type: 'azure', model: 'd', baseUrl: 'https://r.openai.azure.com/openai/v1', auth: entra },
        { ...COMPATIBLE, auth: { ...entra, ...national } },
      ],
    });
    expect(providers.map(({ auth }) => auth)).toEqual([
      { ...google, tokenUrl: 'https://oauth2.googleapis.com/token' },
      {
        type: 'entra-client',
        clientId: 'app',
        clientSecret: 'ssm:/azure',
        scope: 'https://cognitiveservices.azure.com/.default',
        tokenUrl: 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token',
      },
      { type: 'entra-client', clientId: 'app', clientSecret: 'ssm:/azure', ...national },
    ]);
  });

  test('applies its own defaults where a provider says nothing, and a null switches one off', () => {
    const { providers, defaults } = parse({
      defaults: { timeoutSeconds: 5, completionEverySeconds: 600, tags: ['all'] },
      providers: [OPENAI, { ...COMPATIBLE, timeoutSeconds: 20, completionEverySeconds: null, tags: ['own'] }],
    });
    expect(
      providers.map(({ timeoutSeconds, completionEverySeconds, tags }) => [
        timeoutSeconds,
        completionEverySeconds,
        tags,
      ]),
    ).toEqual([
      [5, 600, ['all']],
      [20, null, ['own']],
    ]);
    expect(defaults).toMatchObject({ timeoutSeconds: 5, completionEverySeconds: 600, intervalSeconds: 60 });
  });

  test('reads an undefined as nothing said', () => {
    const provider = { ...OPENAI, timeoutSeconds: undefined, tags: undefined };
    expect(parse({ providers: [provider] }).providers[0]).toMatchObject({ timeoutSeconds: 10, tags: [] });
  });

  test('drops the trailing slash of a URL, and writes header names in lower case', () => {
    const provider = { ...COMPATIBLE, baseUrl: 'https://llm.example.com/v1//', headers: { 'X-Team': 'search' } };
    expect(parse({ providers: [provider] }).providers[0]).toMatchObject({
      baseUrl: 'https://llm.example.com/v1',
      headers: { 'x-team': 'search' },
    });
  });

  test('uses UTC for a maintenance window without a time zone', () => {
    const maintenance = [{ cron: '30 2 * * 1-5', durationMinutes: 30 }];
    expect(parse({ providers: [{ ...OPENAI, maintenance }] }).providers[0]?.maintenance).toEqual([
      { cron: '30 2 * * 1-5', timeZone: 'UTC', durationMinutes: 30 },
    ]);
  });

  test('takes the slash from the end of publicUrl, because paths are appended to it', () => {
    const publicUrlOf = (publicUrl?: string) => parse({ providers: [], ...(publicUrl && { publicUrl }) }).publicUrl;
    expect(publicUrlOf('https://h.example/prod/')).toBe('https://h.example/prod');
    expect(publicUrlOf('http://localhost:3000')).toBe('http://localhost:3000');
    expect(publicUrlOf()).toBeNull();
  });

  test('may have no providers, no witnesses, and a heartbeat', () => {
    expect(parse({ providers: [], witnesses: [], heartbeatUrl: 'https://hb.example.com/ping?id=1' })).toMatchObject({
      providers: [],
      witnesses: [],
      heartbeatUrl: 'https://hb.example.com/ping?id=1',
    });
  });

  test.each([
    ['loopback', 'http://localhost:11434/v1'],
    ['private', 'http://10.1.2.3:8000/v1'],
  ] as const)('may name an address that the policy "%s" allows', (policy, baseUrl) => {
    expect(parse({ providers: [{ ...COMPATIBLE, baseUrl }] }, policy).providers[0]).toMatchObject({ baseUrl });
    expect(() => parse({ providers: [{ ...COMPATIBLE, baseUrl }] })).toThrow(ConfigError);
  });
});

describe('one provider', () => {
  test('is parsed with the defaults that are passed in', () => {
    const config = parseProvider(OPENAI, { defaults: { intervalSeconds: 15 }, addressPolicy: 'public' });
    expect(config).toMatchObject({ id: 'openai', intervalSeconds: 15, timeoutSeconds: 10 });
  });

  test('is refused with paths that begin at its own fields', () => {
    const input = { type: 'openai', apiKey: 'sk-1', tags: ['a b'], colour: 'red' };
    expect(() => parseProvider(input, { addressPolicy: 'public' })).toThrow(
      new ConfigError([
        {
          path: 'apiKey',
          message: 'expected env:, ssm: or secret: and a name, got a literal. Write "env:OPENAI_API_KEY".',
        },
        { path: 'tags[0]', message: 'expected a tag of 1 to 32 letters, digits, ".", "_" and "-", got "a b".' },
        { path: 'colour', message: 'unknown field. Remove it.' },
      ]),
    );
  });

  test.each([null, 7, 'openai', []])('is refused when it is no object: %j', (input) => {
    expect(() => parseProvider(input, { addressPolicy: 'public' })).toThrow(/^expected an object with at least "type"/);
  });
});
