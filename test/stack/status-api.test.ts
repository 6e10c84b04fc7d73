import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { Checker } from '../../lib/api/api.ts';
import { routesOf as routesOfApp } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import type { RouteSettings } from '../../lib/stack/throttles.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { resourceIn, synthesize, textOf } from './synth.ts';

interface RouteProperties {
  RouteKey: string;
  AuthorizationType: string;
  AuthorizationScopes?: string[];
  AuthorizerId?: unknown;
  Target: unknown;
}

const routesOf = (template: Template) =>
  Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(
    ({ Properties }) => Properties as RouteProperties,
  );

const isRead = ({ RouteKey }: RouteProperties) => /^(GET|HEAD) /.test(RouteKey);

/** The function that a route's integration calls. */
function functionOf(template: Template, route: RouteProperties): string {
  const integration = textOf(route.Target).replace('integrations/', '');
  const found = template.findResources('AWS::ApiGatewayV2::Integration')[integration];
  return textOf(found?.Properties.IntegrationUri).split('.')[0] ?? '';
}

const closed = synthesize();
const open = synthesize({ publicStatus: true });
const jwt = { issuer: 'https://login.example.com/', audience: ['provider-health'], writeScopes: ['health/write'] };
const withTokens = synthesize({ jwt });
const openWithTokens = synthesize({ publicStatus: true, jwt });

test('K6: every route asks for an IAM signature', () => {
  const routes = routesOf(closed);
  expect(routes.length).toBeGreaterThan(0);
  expect(routes.map((route) => route.AuthorizationType)).toEqual(routes.map(() => 'AWS_IAM'));
});

test('K6: publicStatus opens the reads, and leaves every write closed', () => {
  for (const route of routesOf(open)) expect(route.AuthorizationType).toBe(isRead(route) ? 'NONE' : 'AWS_IAM');
  for (const route of routesOf(openWithTokens)) expect(route.AuthorizationType).toBe(isRead(route) ? 'NONE' : 'JWT');
});

test('K6: a JWT issuer takes the place of IAM on every route, and writes ask for their scope', () => {
  withTokens.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    AuthorizerType: 'JWT',
    JwtConfiguration: { Issuer: jwt.issuer, Audience: jwt.audience },
    IdentitySource: ['$request.header.Authorization'],
  });
  const authorizer = resourceIn(withTokens, 'AWS::ApiGatewayV2::Authorizer', 'Jwt').id;
  for (const route of routesOf(withTokens)) {
    expect(route).toMatchObject({ AuthorizationType: 'JWT', AuthorizerId: { Ref: authorizer } });
    expect(route.AuthorizationScopes).toEqual(isRead(route) ? undefined : jwt.writeScopes);
  }
});

describe('K11: with tokens, who may read cannot write', () => {
  const readScopes = ['health/read', 'health/write'];

  test.each([
    ['closed reads', withTokens, undefined],
    ['open reads', openWithTokens, undefined],
    ['a scope for readers', synthesize({ jwt: { ...jwt, readScopes } }), readScopes],
  ])('every route that is no read wants a scope for writing, with %s', (_name, template, scopes) => {
    const routes = routesOf(template);
    expect(routes.filter(isRead).length).toBeGreaterThan(0);
    expect(routes.filter((route) => !isRead(route)).length).toBeGreaterThan(0);
    for (const route of routes) expect(route.AuthorizationScopes).toEqual(isRead(route) ? scopes : jwt.writeScopes);
  });

  test.each([
    ['no scope for writing', { writeScopes: [] }, 'jwt.writeScopes: expected the scopes that allow changes'],
    [
      'none, in JavaScript',
      { writeScopes: undefined as never },
      'jwt.writeScopes: expected the scopes that allow changes',
    ],
    ['an empty scope', { writeScopes: [''] }, 'jwt.writeScopes: expected scopes of 1 to 64 visible ASCII characters'],
    [
      'only scopes for readers that allow writing',
      { readScopes: ['health/write'] },
      'jwt.readScopes: expected a scope that does not allow changes',
    ],
  ])('%s stops the synthesis', (_name, options, message) => {
    expect(() => synthesize({ jwt: { ...jwt, ...options } })).toThrow(message);
  });
});

test.each([
  ['closed', closed],
  ['open', open],
])('K6: in the %s API, reads and writes of every path are answered by different functions', (_name, template) => {
  const routes = routesOf(template);
  const keys = routes.map(({ RouteKey }) => RouteKey);
  expect(keys).toEqual(
    expect.arrayContaining(
      ['DELETE', 'GET', 'HEAD', 'POST', 'PUT'].flatMap((method) => [`${method} /`, `${method} /{proxy+}`]),
    ),
  );
  expect(new Set(keys.map((key) => key.split(' ')[0]))).toEqual(new Set(['DELETE', 'GET', 'HEAD', 'POST', 'PUT']));
  for (const route of routes) {
    expect(functionOf(template, route)).toBe(
      resourceIn(template, 'AWS::Lambda::Function', isRead(route) ? 'ApiRead' : 'ApiManage').id,
    );
  }
});

test('the stage logs every request as one JSON object', () => {
  closed.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: '$default',
    AutoDeploy: true,
    AccessLogSettings: {
      DestinationArn: Match.anyValue(),
      Format: Match.serializedJson(Match.objectLike({ status: '$context.status' })),
    },
  });
});

describe('A6: a throttle of its own', () => {
  /** Rate and burst by the key of the route. */
  function throttlesOf(template: Template): Record<string, [number, number]> {
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const settings = stage?.Properties.RouteSettings as Record<string, RouteSettings>;
    return Object.fromEntries(
      Object.entries(settings).map(([key, { ThrottlingRateLimit, ThrottlingBurstLimit }]) => [
        key,
        [ThrottlingRateLimit, ThrottlingBurstLimit],
      ]),
    );
  }

  test.each([
    ['closed', closed],
    ['open', open],
    ['with tokens', withTokens],
  ])('is on every route of an API that is %s, and the stage comes after the routes', (_name, template) => {
    const keys = routesOf(template).map(({ RouteKey }) => RouteKey);
    expect(Object.keys(throttlesOf(template)).sort()).toEqual(keys.sort());
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    expect(stage?.DependsOn).toEqual(
      expect.arrayContaining(Object.keys(template.findResources('AWS::ApiGatewayV2::Route'))),
    );
  });

  test.each([
    ['GET /', 50, 100],
    ['GET /{proxy+}', 50, 100],
    ['HEAD /{proxy+}', 2, 20],
    ['GET /v1/providers/{id}/checks', 2, 20],
    ['GET /v1/transitions', 2, 20],
    ['GET /v1/incidents', 2, 20],
    ['GET /feed.atom', 2, 20],
    ['GET /metrics', 2, 20],
    ['PUT /{proxy+}', 10, 20],
    ['DELETE /{proxy+}', 10, 20],
    ['POST /v1/providers/{id}/check', 1, 5],
    ['POST /v1/check', 1, 5],
    ['POST /v1/alerts/test', 1, 5],
  ])('of %s lets %d a second through, %d at once', (key, rate, burst) => {
    expect(throttlesOf(closed)[key]).toEqual([rate, burst]);
  });

  test('can be set for each kind, and leaves the other kinds as they are', () => {
    const throttle = { requestsPerSecond: 5, burst: 7, history: { requestsPerSecond: 0.5 }, checks: { burst: 1 } };
    expect(throttlesOf(synthesize({ throttle }))).toMatchObject({
      'GET /': [5, 7],
      'GET /v1/transitions': [0.5, 20],
      'POST /v1/check': [1, 1],
      'PUT /{proxy+}': [10, 20],
    });
  });

  test('on a path of its own is of a path that the API serves', () => {
    const store = createMemoryStore();
    const checker = {} as Checker;
    const monitor = { tickSeconds: 60, shards: ['0'] };
    const served = routesOfApp({ store, checker, declared: [], monitor, log: silentLog });
    const paths = served.map(({ method, path }) => `${method} ${path}`);
    const own = Object.keys(throttlesOf(closed)).filter((key) => !/ \/(\{proxy\+\})?$/.test(key));
    expect(own.filter((key) => !paths.includes(key))).toEqual([]);
  });

  test.each([
    [{ requestsPerSecond: 0 }, 'throttle.requestsPerSecond: expected a number above 0, got 0'],
    [{ burst: 0.5 }, 'throttle.burst: expected a whole number above 0, got 0.5'],
    [{ checks: { requestsPerSecond: -1 } }, 'throttle.checks.requestsPerSecond: expected a number above 0, got -1'],
    [{ history: { requestsPerSecond: Number.NaN } }, 'expected a number above 0, got NaN'],
  ])('that lets nothing through stops the synthesis: %j', (throttle, message) => {
    expect(() => synthesize({ throttle })).toThrow(message);
  });
});

describe('A6: concurrency', () => {
  const reservedOf = (template: Template, name: string) =>
    resourceIn(template, 'AWS::Lambda::Function', name).properties.ReservedConcurrentExecutions;

  test('is not reserved by default, since a new account may reserve none', () => {
    for (const name of ['ApiRead', 'ApiManage', 'Check', 'Alerts']) expect(reservedOf(closed, name)).toBeUndefined();
  });

  test('can be reserved for reads and for writes', () => {
    const template = synthesize({ concurrency: { reads: 20, writes: 5 } });
    expect([reservedOf(template, 'ApiRead'), reservedOf(template, 'ApiManage')]).toEqual([20, 5]);
    expect(reservedOf(template, 'Check')).toBeUndefined();
  });

  test.each([0, -1, 1.5])('of %d stops the synthesis', (reads) => {
    expect(() => synthesize({ concurrency: { reads } })).toThrow(
      `concurrency.reads: expected a whole number above 0, got ${reads}`,
    );
  });
});

describe('time to answer', () => {
  test.each([
    ['ApiRead', 10],
    ['ApiManage', 29],
  ])('%s ends before the API gives up at 30 s', (name, seconds) => {
    expect(resourceIn(closed, 'AWS::Lambda::Function', name).properties.Timeout).toBe(seconds);
  });
});
