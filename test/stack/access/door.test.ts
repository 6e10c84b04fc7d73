/** Checks what API Gateway requires on each route, and which function can read the secrets. */

import { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { describe, expect, test } from 'vitest';
import type { AccessSettings, Proofs } from '../../../lib/config/access.ts';
import { doorOf } from '../../../lib/stack/access/door.ts';
import type { ProviderHealthOptions } from '../../../lib/stack/options.ts';
import { PUBLIC_URL_VARIABLE } from '../../../lib/store/env.ts';
import { newApp, newStack, resourceIn, statementsOf, synthesize, textOf } from '../synth.ts';

const READER = { name: 'prometheus', secret: 'ssm:/door/read' } as const;
const OPERATOR = { name: 'on-call', secret: 'secret:door#operate', role: 'operator' } as const;
const OIDC = { issuer: 'https://login.example.com/', clientId: 'health', clientSecret: 'ssm:/door/client' } as const;
const JWT = { issuer: 'https://login.example.com/', audience: ['health'], writeScopes: ['health/write'] };

/** The requirement of each kind of route: one for all reads, and one for all writes. */
function askedBy(template: Template): { reads: string[]; writes: string[] } {
  const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties);
  const kinds = (isRead: boolean) => [
    ...new Set(
      routes
        .filter(({ RouteKey }) => /^(GET|HEAD) /.test(RouteKey) === isRead)
        .map(({ AuthorizationType }) => AuthorizationType as string),
    ),
  ];
  return { reads: kinds(true), writes: kinds(false) };
}

function parametersOf(template: Template, functionPart: string): string[] {
  return statementsOf(template, functionPart)
    .filter(({ Action }) => [Action].flat().includes('ssm:GetParameter'))
    .flatMap(({ Resource }) => [Resource].flat())
    .map((arn) => textOf(arn).replace(/^.*:parameter/, ''))
    .filter((name) => name.includes('door'))
    .sort();
}

test.each<[string, ProviderHealthOptions, string, string]>([
  ['nothing', {}, 'AWS_IAM', 'AWS_IAM'],
  ['readAccess iam', { readAccess: 'iam' }, 'AWS_IAM', 'AWS_IAM'],
  ['readAccess public', { readAccess: 'public' }, 'NONE', 'AWS_IAM'],
  ['readAccess jwt', { readAccess: 'jwt', jwt: JWT }, 'JWT', 'JWT'],
  ['a password of a reader', { passwords: [READER] }, 'NONE', 'AWS_IAM'],
  ['a password of an operator', { passwords: [READER, OPERATOR] }, 'NONE', 'NONE'],
  ['an issuer', { oidc: OIDC }, 'NONE', 'AWS_IAM'],
  ['an issuer with operators', { oidc: { ...OIDC, operatorGroups: ['sre'] } }, 'NONE', 'NONE'],
  ['public reads and an operator', { publicStatus: true, passwords: [OPERATOR] }, 'NONE', 'NONE'],
  ['a password of a reader, and tokens for writes', { passwords: [READER], jwt: JWT }, 'NONE', 'JWT'],
])('with %s, API Gateway asks for', (_, options, reads, writes) => {
  expect(askedBy(synthesize(options))).toEqual({ reads: [reads], writes: [writes] });
});

test.each<[ProviderHealthOptions, Proofs]>([
  [{}, { reads: ['iam'], writes: ['iam'] }],
  [
    { publicStatus: true, jwt: JWT },
    { reads: [], writes: ['jwt'] },
  ],
  [{ passwords: [READER] }, { reads: ['basic', 'bearer'], writes: ['iam'] }],
  [
    { passwords: [OPERATOR], oidc: OIDC },
    { reads: ['basic', 'bearer', 'session'], writes: ['basic', 'bearer', 'session'] },
  ],
])('the description of the API says how to prove who asks: %j', (options, proofs) => {
  expect(doorOf(options).proofs).toEqual(proofs);
});

describe('the secrets that callers prove themselves with', () => {
  test('are read by the function that answers reads, and by the one of the writes when operators come by it', () => {
    const template = synthesize({ passwords: [READER, OPERATOR] });
    const secrets = ['/aws/reference/secretsmanager/door', '/door/read'];
    expect(parametersOf(template, 'ApiRead')).toEqual(secrets);
    expect(parametersOf(template, 'ApiManage')).toEqual(secrets);
    expect(parametersOf(template, 'CheckHandler')).toEqual([]);
  });

  test('are out of reach of the function of the writes where no caller can sign in to it', () => {
    const template = synthesize({ passwords: [READER] });
    expect(parametersOf(template, 'ApiRead')).toEqual(['/door/read']);
    expect(parametersOf(template, 'ApiManage')).toEqual([]);
  });

  test('in environment variables cause a warning', () => {
    const { health } = newStack({ passwords: [{ name: 'page', secret: 'env:PAGE_PASSWORD' }] });
    expect(health.node.metadata.map(({ data }) => data)).toEqual([
      expect.stringMatching(/^passwords env:PAGE_PASSWORD: expected ssm:/),
    ]);
  });
});

describe('where people reach the monitor', () => {
  const domain = (stack: Stack) => ({
    domainName: 'health.example.com',
    certificate: Certificate.fromCertificateArn(
      stack,
      'Certificate',
      'arn:aws:acm:eu-central-1:111122223333:certificate/1',
    ),
  });

  test('is known to the door, also when reads are public', () => {
    expect(doorOf({ publicStatus: true, publicUrl: 'https://health.example.com' })).toMatchObject({
      settings: null,
      publicUrl: 'https://health.example.com',
    });
    expect(doorOf({ domain: domain(new Stack(newApp(), 'Holder')) }).publicUrl).toBe('https://health.example.com');
    expect(doorOf({ publicStatus: true }).publicUrl).toBeNull();
  });

  const addressOf = (options: ProviderHealthOptions) => {
    const { properties } = resourceIn(synthesize(options), 'AWS::Lambda::Function', 'Alerts');
    return (properties.Environment as { Variables: Record<string, unknown> }).Variables[PUBLIC_URL_VARIABLE];
  };

  test("is API Gateway's own address for the links of alerts, where people can open it and there is no other", () => {
    expect(addressOf({ publicStatus: true })).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/Api/), 'ApiEndpoint'] });
    expect(addressOf({ passwords: [READER] })).toBeDefined();
    expect(addressOf({})).toBeUndefined();
    expect(addressOf({ publicStatus: true, publicUrl: 'https://health.example.com' })).toBeUndefined();
  });
});

describe('doorOf', () => {
  const settingsOf = (options: ProviderHealthOptions) => doorOf(options).settings as AccessSettings;

  test('fills in the missing options', () => {
    expect(settingsOf({ oidc: OIDC, passwords: [READER], publicUrl: 'https://health.example.com' })).toEqual({
      publicReads: false,
      passwords: [{ name: 'prometheus', role: 'reader', reference: 'ssm:/door/read' }],
      oidc: {
        ...OIDC,
        cookieSecret: 'ssm:/door/client',
        scopes: ['profile', 'email'],
        groupsClaim: 'groups',
        readerGroups: null,
        operatorGroups: [],
      },
      publicUrl: 'https://health.example.com',
    });
  });

  test.each<[ProviderHealthOptions, string]>([
    [{ readAccess: 'password' }, 'readAccess: "password": expected at least one of passwords, got none'],
    [{ readAccess: 'jwt' }, 'readAccess: "jwt": expected the option jwt'],
    [{ readAccess: 'oidc' }, 'readAccess: "oidc": expected the option oidc'],
    [{ readAccess: 'basic' as never }, 'readAccess: expected iam, public, jwt, password, oidc, got "basic"'],
    [{ readAccess: 'iam', publicStatus: true }, 'readAccess: expected "public", since publicStatus is set, got "iam"'],
    [{ readAccess: 'iam', passwords: [READER] }, 'expected "password", "oidc" or "public", since there are passwords'],
    [{ readAccess: 'password', passwords: [READER], oidc: OIDC }, 'expected "oidc" or "public", since the option oidc'],
    [{ passwords: [{ ...READER, name: 'a b' }] }, 'passwords[0].name: expected a name of letters'],
    [{ passwords: [READER, READER] }, 'passwords[1].name: expected a name of its own, got "prometheus" a second time'],
    [{ passwords: [{ ...READER, role: 'admin' as never }] }, 'passwords[0].role: expected "reader" or "operator"'],
    [{ oidc: { ...OIDC, issuer: 'http://login.example.com' } }, 'oidc.issuer: expected the https:// address'],
    [{ oidc: { ...OIDC, clientId: '' } }, 'oidc.clientId: expected the id'],
    [{ oidc: { issuer: OIDC.issuer, clientId: 'a' } }, 'oidc.cookieSecret: expected a reference'],
    [{ publicUrl: 'https://health.example.com/' }, 'publicUrl: expected an https:// address without a slash'],
  ])('refuses %j', (options, message) => {
    expect(() => doorOf(options)).toThrow(message);
  });

  test('refuses a password that is written out, and does not repeat it', () => {
    const options = { passwords: [{ name: 'page', secret: 'correct horse battery' }] };
    expect(() => doorOf(options)).toThrow('passwords[0].secret: expected a reference');
    expect(() => doorOf(options)).not.toThrow(/horse/);
  });
});

describe('an address of your own', () => {
  const template = (() => {
    const holder = newStack();
    const certificate = Certificate.fromCertificateArn(
      holder,
      'Certificate',
      'arn:aws:acm:eu-central-1:111122223333:certificate/0',
    );
    return synthesize({ domain: { domainName: 'health.example.com', certificate } });
  })();

  test('leads to the API, and is in the outputs', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainName: 'health.example.com' });
    template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    template.hasOutput('ApiUrl', { Value: 'https://health.example.com' });
    expect(Object.keys(template.findOutputs('*')).filter((name) => name.includes('DomainTarget'))).toHaveLength(1);
  });
});

describe('cors', () => {
  test('lets the pages that are named read, and no page change', () => {
    synthesize({ cors: { allowOrigins: ['https://status.example.com'] } }).hasResourceProperties(
      'AWS::ApiGatewayV2::Api',
      {
        CorsConfiguration: {
          AllowOrigins: ['https://status.example.com'],
          AllowMethods: ['GET', 'HEAD'],
          AllowHeaders: ['accept', 'authorization'],
          ExposeHeaders: ['retry-after', 'x-request-id'],
          MaxAge: 3600,
        },
      },
    );
  });

  test.each([[[]], [['status.example.com']], [['https://status.example.com/']]])(
    '%j stops the synthesis',
    (allowOrigins) => {
      expect(() => synthesize({ cors: { allowOrigins } })).toThrow(
        'cors.allowOrigins: expected origins without a path',
      );
    },
  );
});
