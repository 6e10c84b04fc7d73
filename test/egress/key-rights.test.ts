import { describe, expect, it } from 'vitest';
import {
  forbiddenKeys,
  HOST_ENTRY,
  keyNotSent,
  keyRefusal,
  keyRightsOf,
  urlOfHost,
} from '../../lib/egress/key-rights.ts';
import type { TokenAuth } from '../../lib/health/provider.ts';
import { provider } from '../support/builders.ts';

const rights = keyRightsOf({
  providers: [
    provider({ apiKey: 'env:OPENAI', baseUrl: 'https://api.openai.com/v1' }),
    provider({
      apiKey: null,
      baseUrl: 'https://gateway.example.com:8443/env:PATH/v1',
      headers: { 'x-token': 'ssm:/gateway/header', 'x-team': 'search' },
      body: { deep: [{ session: 'secret:gateway#body' }] },
    }),
    provider({ apiKey: 'env:BEDROCK', baseUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com' }),
    provider({ apiKey: 'env:VERTEX', baseUrl: 'https://aiplatform.googleapis.com/v1/publishers/google' }),
    provider({ apiKey: 'env:LOCAL', baseUrl: 'http://localhost:8000/v1' }),
  ],
  registeredKeys: [
    { apiKey: 'ssm:/later', hosts: ['Later.example.com', 'later.example.org:8443', 'http://later.internal'] },
    { apiKey: 'ssm:/later', hosts: ['[2001:db8::1]'] },
  ],
});

describe('K9: a key may be sent to', () => {
  it.each([
    ['env:OPENAI', 'https://api.openai.com'],
    ['env:OPENAI', 'https://api.openai.com/another/path'],
    ['env:OPENAI', 'https://API.OpenAI.com./v1'],
    ['env:OPENAI', 'https://api.openai.com:443/v1'],
    ['env:PATH', 'https://gateway.example.com:8443/'],
    ['ssm:/gateway/header', 'https://gateway.example.com:8443/'],
    ['secret:gateway#body', 'https://gateway.example.com:8443/'],
    ['env:BEDROCK', 'https://bedrock-runtime.eu-central-1.amazonaws.com'],
    ['env:BEDROCK', 'https://bedrock-runtime.us-gov-west-12.amazonaws.com'],
    ['env:BEDROCK', 'https://bedrock-mantle.us-east-1.api.aws/v1'],
    ['env:BEDROCK', 'https://bedrock-mantle.us-gov-east-12.api.aws/v1'],
    ['env:VERTEX', 'https://us-central1-aiplatform.googleapis.com/v1/projects/p'],
    ['env:VERTEX', 'https://europe-west12-aiplatform.googleapis.com/v1/projects/p'],
    ['env:LOCAL', 'http://localhost:8000/v1'],
    ['ssm:/later', 'https://later.example.com/v1'],
    ['ssm:/later', 'https://later.example.org:8443'],
    ['ssm:/later', 'http://later.internal/'],
    ['ssm:/later', 'https://[2001:db8:0::1]/v1'],
  ])('%s: %s', (reference, baseUrl) => {
    expect(rights.allows(reference, baseUrl)).toBe(true);
  });
});

describe('K9: a key may not be sent to', () => {
  it.each([
    ['env:OPENAI', 'https://attacker.example'],
    ['env:OPENAI', 'https://api.openai.com.attacker.example/v1'],
    ['env:OPENAI', 'https://attacker.example/api.openai.com'],
    ['env:OPENAI', 'https://api.openai.com@attacker.example/v1'],
    ['env:OPENAI', 'https://attacker.example/#@api.openai.com'],
    ['env:OPENAI', 'https://attacker.example\\@api.openai.com'],
    ['env:OPENAI', 'https://openai.com'],
    ['env:OPENAI', 'https://eu.api.openai.com'],
    // Another program may listen on another port, and http can be read on the way.
    ['env:OPENAI', 'https://api.openai.com:8443/v1'],
    ['env:OPENAI', 'http://api.openai.com/v1'],
    ['env:OPENAI', 'http://api.openai.com:443/v1'],
    ['env:OPENAI', 'ftp://api.openai.com'],
    ['env:OPENAI', 'no URL'],
    ['env:PATH', 'https://gateway.example.com/'],
    ['ssm:/gateway/header', 'https://api.openai.com/v1'],
    ['env:BEDROCK', 'https://bedrock-runtime.us-east-1.amazonaws.com.attacker.example'],
    ['env:BEDROCK', 'https://bedrock-runtime.us-east-1.s3.amazonaws.com'],
    ['env:BEDROCK', 'https://bedrock-runtime.attacker.amazonaws.com'],
    ['env:BEDROCK', 'https://bedrock-runtime.eu-central-1.amazonaws.com:8443'],
    ['env:VERTEX', 'https://attacker.googleapis.com'],
    ['env:VERTEX', 'https://aiplatform.googleapis.com.attacker.example'],
    ['env:VERTEX', 'https://attacker-aiplatform.googleapis.com'],
    ['env:LOCAL', 'http://localhost:8001/v1'],
    ['ssm:/later', 'https://later.example.org'],
    ['ssm:/later', 'https://later.internal/'],
    ['env:NEVER_NAMED', 'https://api.openai.com/v1'],
    ['env:openai', 'https://api.openai.com/v1'],
  ])('%s: %s', (reference, baseUrl) => {
    expect(rights.allows(reference, baseUrl)).toBe(false);
  });
});

it('K9: every reference in the settings of a provider is checked, and no other text', () => {
  const settings = provider({
    apiKey: 'env:A',
    baseUrl: 'https://attacker.example/env:D/v1',
    headers: { 'x-b': 'env:B', 'x-team': 'search' },
    body: { c: ['env:C', 'not env:C'] },
  });
  expect(forbiddenKeys(rights, settings).map(({ field }) => field)).toEqual([
    'apiKey',
    'headers.x-b',
    'body.c[0]',
    'baseUrl',
  ]);
});

describe('K9: credentials that tokens are given for', () => {
  const entra = (fields: Partial<TokenAuth> = {}) =>
    ({
      type: 'entra-client',
      clientId: 'app',
      clientSecret: 'ssm:/azure',
      scope: 'https://cognitiveservices.azure.com/.default',
      tokenUrl: 'https://login.microsoftonline.com/contoso/oauth2/v2.0/token',
      ...fields,
    }) as TokenAuth;
  const azure = (baseUrl: string, auth: TokenAuth | null = entra(), apiKey: string | null = null) =>
    provider({ type: 'azure', baseUrl, apiKey, auth });
  const HOME = 'https://r.openai.azure.com/openai/v1';
  const declared = keyRightsOf({ providers: [azure(HOME)], registeredKeys: [] });
  const fieldsOf = (settings: Parameters<typeof forbiddenKeys>[1]) =>
    forbiddenKeys(declared, settings).map(({ field }) => field);

  it('are used by registered providers at the same host', () => {
    expect(fieldsOf(azure(`${HOME}/other`))).toEqual([]);
  });

  it.each([
    ['a token to another host', azure('https://attacker.example'), ['auth']],
    [
      'the secret to another token endpoint',
      azure(HOME, entra({ tokenUrl: 'https://attacker.example/token' })),
      ['auth.clientSecret', 'auth'],
    ],
    ['another token to the host', azure(HOME, entra({ scope: 'https://graph.microsoft.com/.default' })), ['auth']],
    ['the secret itself to the host', azure(HOME, null, 'ssm:/azure'), ['apiKey']],
    [
      'the secret in a header to the host',
      provider({ baseUrl: HOME, headers: { 'x-a': 'ssm:/azure' } }),
      ['headers.x-a'],
    ],
    [
      'a secret that no provider names',
      azure(HOME, entra({ clientSecret: 'ssm:/other' })),
      ['auth.clientSecret', 'auth'],
    ],
  ])('do not send %s', (_what, settings, fields) => {
    expect(fieldsOf(settings)).toEqual(fields);
  });

  it('say what is missing', () => {
    const [only] = forbiddenKeys(declared, azure('https://attacker.example'));
    expect(only && keyRefusal(only)).toBe(
      'expected credentials whose tokens the configuration sends to this host, got others. Declare a provider with both',
    );
  });
});

describe('the AWS identity of the monitor', () => {
  const signedIn = (region: string) =>
    provider({ type: 'bedrock', apiKey: null, baseUrl: `https://bedrock-runtime.${region}.amazonaws.com` });

  it('signs requests of registered providers where a declared one is signed, in any region', () => {
    const signing = keyRightsOf({ providers: [signedIn('us-east-1')], registeredKeys: [] });
    expect(forbiddenKeys(signing, signedIn('eu-central-1'))).toEqual([]);
  });

  it('signs none where the configuration has no such provider', () => {
    const [forbidden] = forbiddenKeys(rights, signedIn('us-east-1'));
    expect(forbidden?.field).toBe('apiKey');
    expect(forbidden && keyRefusal(forbidden)).toContain('Declare a "bedrock" provider without apiKey');
  });
});

describe('an entry of registeredKeys.hosts', () => {
  it.each([
    'api.example.com',
    'API.Example-2.com:8443',
    'https://api.example.com',
    'http://localhost:65535',
    '127.0.0.1:80',
    '[2001:db8::1]',
    'http://[::FFFF:10.0.0.1]:8080',
    'a'.repeat(253),
  ])('may be %s', (entry) => {
    expect(HOST_ENTRY.test(entry)).toBe(true);
  });

  it.each([
    '',
    'https://',
    'ftp://api.example.com',
    'xhttps://api.example.com',
    'api.example.com/v1',
    'api.example.com:',
    'api.example.com:123456',
    'api.example.com:http',
    'me@api.example.com',
    'api_example',
    'a b',
    '[2001:db8::1',
    '2001:db8::1',
    '[:]',
    '[::g]',
    'a'.repeat(254),
    `[${':'.repeat(46)}]`,
  ])('may not be "%s"', (entry) => {
    expect(HOST_ENTRY.test(entry)).toBe(false);
  });

  it.each([
    ['api.example.com:8443', 'https://api.example.com:8443'],
    ['http://api.example.com', 'http://api.example.com'],
    ['HTTPS://api.example.com', 'HTTPS://api.example.com'],
    ['api.example.com/http://', 'https://api.example.com/http://'],
  ])('%s stands for %s', (entry, url) => {
    expect(urlOfHost(entry)).toBe(url);
  });
});

describe('the message about a key that is not sent', () => {
  const named = (reference: string) => ({ field: 'headers.x-a', reference, url: 'https://attacker.example' });

  it('is the same for every reference, and names the field where a provider was to be probed', () => {
    const advice = 'Declare a provider with both, or add them to "registeredKeys"';
    expect(keyRefusal(named('env:A'))).toBe(
      `expected a reference that the configuration names for this host, got another. ${advice}`,
    );
    expect(keyNotSent(named('env:A'))).toBe(
      `no request was sent, since headers.x-a is not a reference that the configuration names for this host. ${advice}`,
    );
  });

  it('names a token or the AWS identity of the monitor, if it is about one', () => {
    const [identity] = forbiddenKeys(
      rights,
      provider({ type: 'bedrock', apiKey: null, baseUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com' }),
    );
    const refusal =
      'expected a key, since the configuration signs no requests to this host by AWS credentials. ' +
      'Declare a "bedrock" provider without apiKey for it, or write a key';
    expect(identity && keyRefusal(identity)).toBe(refusal);
    expect(identity && keyNotSent(identity)).toBe(`no request was sent: ${refusal}`);
  });
});
