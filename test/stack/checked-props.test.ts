import { describe, expect, test } from 'vitest';
import { ProviderHealthStack } from '../../lib/stack/provider-health-stack.ts';
import { newApp } from './synth.ts';

/** As a program in JavaScript may call it. */
const synthesize = (props: object) => () => new ProviderHealthStack(newApp(), 'ProviderHealth', props as never);

describe('props that TypeScript would refuse', () => {
  test.each([
    [{}, 'providers: expected one of providers, config and configFile, got none'],
    [
      { providers: [], configFile: 'providers.json' },
      'providers: expected one of providers, config and configFile, got providers and configFile',
    ],
    [{ providers: [], tickSeconds: 7 }, 'tickSeconds: expected 60, 30, 20, 15, 10, got 7'],
    [{ providers: [], securityGroups: [] }, 'vpc: expected the VPC of the securityGroups, got none'],
    [
      { providers: [], providerList: 'providers.json' },
      'providerList: expected "s3://bucket/key" or "ssm:/name", got "providers.json"',
    ],
    [{ providers: [], providerList: 5 }, 'providerList: expected "s3://bucket/key" or "ssm:/name", got 5'],
    [{ providers: [], tickSeconds: '30' }, 'tickSeconds: expected 60, 30, 20, 15, 10, got "30"'],
    [{ providers: [], proxy: { url: 'socks5://p:1080' } }, 'proxy.url: expected the URL of an HTTP proxy'],
    [{ providers: [], proxy: { url: 'http://me:secret@p:1' } }, 'proxy.url: expected a URL without user and password'],
    [{ providers: [], proxy: { url: 'http://p:1', except: 'a' } }, 'proxy.url: expected `except` to be a list'],
    [
      { providers: [], jwt: { issuer: 'https://login.example.com/', audience: [] } },
      'jwt.audience: expected a list of audiences, none of them empty, got []',
    ],
    [
      { providers: [], jwt: { issuer: 'https://login.example.com/', audience: [' '] } },
      'jwt.audience: expected a list',
    ],
    [
      { providers: [], jwt: { issuer: 'login.example.com', audience: ['a'] } },
      'jwt.issuer: expected the https:// address',
    ],
  ])('stop the synthesis: %j', (props, message) => {
    expect(synthesize(props)).toThrow(message);
  });

  test('are all named at once', () => {
    expect(synthesize({ tickSeconds: 7 })).toThrow(/providers: expected[\s\S]*tickSeconds: expected/);
  });
});
