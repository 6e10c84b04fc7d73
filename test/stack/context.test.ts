import { App, RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { configFileFrom, optionsFrom } from '../../lib/stack/context.ts';

const nodeWith = (context: Record<string, unknown>) => new App({ context }).node;

test('settings come as texts from the command line and as they are from cdk.json', () => {
  const expected = { tickSeconds: 30, publicStatus: true, allowPrivateNetwork: false, jwt: undefined };
  expect(optionsFrom(nodeWith({ tickSeconds: '30', publicStatus: 'true', allowPrivateNetwork: 'false' }))).toEqual(
    expected,
  );
  expect(optionsFrom(nodeWith({ tickSeconds: 30, publicStatus: true, allowPrivateNetwork: false }))).toEqual(expected);
});

test('settings that are not given have the defaults of the stack', () => {
  expect(optionsFrom(nodeWith({}))).toEqual({});
});

test('what watches the monitor can be set too', () => {
  const context = { alarmEmail: 'on-call@example.com', metricsPerProvider: 'true', dashboard: 'false' };
  expect(optionsFrom(nodeWith(context))).toEqual({ ...context, metricsPerProvider: true, dashboard: false });
});

test('what is reserved of the concurrency of the account can be set for each function', () => {
  expect(optionsFrom(nodeWith({ readConcurrency: '20' }))).toEqual({ concurrency: { reads: 20 } });
  expect(optionsFrom(nodeWith({ readConcurrency: 20, writeConcurrency: 5 }))).toEqual({
    concurrency: { reads: 20, writes: 5 },
  });
});

test('an issuer, its audiences and its scopes make the JWT option', () => {
  const given = { jwtIssuer: 'https://login.example.com/', jwtAudience: 'a, b', jwtWriteScopes: 'write,admin' };
  const expected = { issuer: 'https://login.example.com/', audience: ['a', 'b'], writeScopes: ['write', 'admin'] };
  expect(optionsFrom(nodeWith(given)).jwt).toEqual(expected);
  expect(optionsFrom(nodeWith({ ...given, jwtReadScopes: 'read' })).jwt).toEqual({ ...expected, readScopes: ['read'] });
});

test('who may read can be set too', () => {
  const context = {
    readAccess: 'oidc',
    password: 'ssm:/page/read',
    operatorPassword: 'ssm:/page/operate',
    oidcIssuer: 'https://login.example.com/',
    oidcClientId: 'health',
    oidcClientSecret: 'ssm:/page/client',
    oidcOperatorGroups: 'sre,leads',
    publicUrl: 'https://health.example.com',
    corsOrigins: 'https://a.example.com,https://b.example.com',
  };
  expect(optionsFrom(nodeWith(context))).toEqual({
    readAccess: 'oidc',
    passwords: [
      { name: 'reader', role: 'reader', secret: 'ssm:/page/read' },
      { name: 'operator', role: 'operator', secret: 'ssm:/page/operate' },
    ],
    oidc: {
      issuer: 'https://login.example.com/',
      clientId: 'health',
      clientSecret: 'ssm:/page/client',
      operatorGroups: ['sre', 'leads'],
    },
    publicUrl: 'https://health.example.com',
    cors: { allowOrigins: ['https://a.example.com', 'https://b.example.com'] },
  });
});

test('keys, traces, the runbook and the end of the table can be set too', () => {
  const context = {
    keyPrefixes: 'ssm:/a/*,ssm:/b/*',
    providerList: 's3://my-bucket/providers.json',
    tracing: 'true',
    runbookUrl: 'https://wiki/r',
    removalPolicy: 'destroy',
  };
  expect(optionsFrom(nodeWith(context))).toEqual({
    keyPrefixes: ['ssm:/a/*', 'ssm:/b/*'],
    providerList: 's3://my-bucket/providers.json',
    tracing: true,
    runbookUrl: 'https://wiki/r',
    removalPolicy: RemovalPolicy.DESTROY,
  });
});

describe('a wrong value of a setting stops the synthesis', () => {
  test.each([
    [{ tickSeconds: '45' }, '-c tickSeconds: expected 60, 30, 20, 15, 10, got "45"'],
    [{ publicStatus: 'yes' }, '-c publicStatus: expected true or false, got "yes"'],
    [{ readConcurrency: '0' }, '-c readConcurrency: expected a whole number above 0, got "0"'],
    [{ writeConcurrency: 'many' }, '-c writeConcurrency: expected a whole number above 0, got "many"'],
    [{ allowPrivateNetwork: '' }, '-c allowPrivateNetwork: expected true or false, got ""'],
    [
      { jwtIssuer: 'https://login.example.com/' },
      '-c jwtAudience: expected an audience, since jwtIssuer is set, got nothing',
    ],
    [{ readAccess: 'basic' }, '-c readAccess: expected iam, public, jwt, password, oidc, got "basic"'],
    [{ removalPolicy: 'snapshot' }, '-c removalPolicy: expected retain, destroy, got "snapshot"'],
    [{ oidcClientId: 'a' }, '-c oidcIssuer: expected the issuer, since oidcClientId is set, got nothing'],
    [{ oidcIssuer: 'a' }, '-c oidcClientId: expected the id of the client, since oidcIssuer is set, got nothing'],
    [
      { jwtIssuer: 'https://login.example.com/', jwtAudience: 'a' },
      '-c jwtWriteScopes: expected the scopes that allow changes and manual checks, since jwtIssuer is set, got nothing',
    ],
    [
      { jwtReadScopes: 'a' },
      '-c jwtIssuer: expected the issuer of the tokens, since jwtReadScopes is set, got nothing',
    ],
    [{ jwtAudience: 'a' }, '-c jwtIssuer: expected the issuer of the tokens, since jwtAudience is set, got nothing'],
  ])('%j', (context, message) => {
    expect(() => optionsFrom(nodeWith(context))).toThrow(message);
  });

  test('a configuration file that does not exist', () => {
    expect(() => configFileFrom(nodeWith({ config: 'no-such.json' }))).toThrow(
      '-c config: expected the path of a providers.json, got no-such.json, which does not exist',
    );
  });
});
