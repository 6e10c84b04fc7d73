import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
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

test.each([
  ['closed', closed],
  ['open', open],
])('K6: in the %s API, reads and writes of every path are answered by different functions', (_name, template) => {
  const routes = routesOf(template);
  expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(
    ['DELETE', 'GET', 'HEAD', 'POST', 'PUT'].flatMap((method) => [`${method} /`, `${method} /{proxy+}`]),
  );
  for (const route of routes) {
    expect(functionOf(template, route)).toBe(
      resourceIn(template, 'AWS::Lambda::Function', isRead(route) ? 'ApiRead' : 'ApiManage').id,
    );
  }
});

test('the stage logs every request as one JSON object and holds back more than it should serve', () => {
  closed.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: '$default',
    AutoDeploy: true,
    AccessLogSettings: {
      DestinationArn: Match.anyValue(),
      Format: Match.serializedJson(Match.objectLike({ status: '$context.status' })),
    },
    DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
  });
  synthesize({ throttle: { requestsPerSecond: 5, burst: 7 } }).hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 7 },
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
