/**
 * The HTTP API: which requests reach which function, and who may send them. Reads and writes have separate functions,
 * so that a public API's function can reach no secret and change nothing. Not here: the answers (lib/api).
 */

import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../config/deployment.ts';
import { ConfigError } from '../config/error.ts';
import type { Door, GatewayAccess } from './access/door.ts';
import { type ApiDomain, customDomain } from './api-domain.ts';
import { type ConcurrencyOptions, concurrencyOf } from './functions/concurrency.ts';
import type { FunctionSettings } from './functions/function-settings.ts';
import { HandlerFunction } from './functions/handler-function.ts';
import type { JwtOptions } from './jwt.ts';
import { READ_ROUTES, type RouteGroup, routeSettings, type ThrottleOptions, WRITE_ROUTES } from './throttles.ts';

/**
 * More memory is also more CPU. With 512 MiB, a cold function took a second for a provider's page, and cost the same.
 */
const READ_MEMORY_MIB = 1024;
const MANAGE_MEMORY_MIB = 512;

/** Reads are Queries of one table. A read that takes longer has failed. */
const READ_TIMEOUT = Duration.seconds(10);

/** A manual check ends within 25 s; the API itself gives up after 30 s. */
const MANAGE_TIMEOUT = Duration.seconds(29);

/** Other sites with scripts that may read the API's JSON answers. The status page cannot be framed. */
export interface CorsOptions {
  /** Origins, such as `https://status.example.com`; `*` allows every site. */
  readonly allowOrigins: readonly string[];
}

export interface StatusApiProps {
  readonly deployment: Deployment;
  /** @default - CDK's name */
  readonly apiName?: string | undefined;
  readonly door: Door;
  /** Accepted tokens. */
  readonly jwt?: JwtOptions | undefined;
  /** @default - no page of another site may read */
  readonly cors?: CorsOptions | undefined;
  /** @default - API Gateway's own address */
  readonly domain?: ApiDomain | undefined;
  /** Limits the cost of an open API, or of a caller in an endless loop. */
  readonly throttle?: ThrottleOptions | undefined;
  readonly concurrency?: ConcurrencyOptions | undefined;
  readonly settings: FunctionSettings;
}

export class StatusApi extends Construct {
  /** Without a trailing slash. */
  readonly url: string;
  readonly api: HttpApi;
  /** Answers GETs. */
  readonly readFunction: LambdaFunction;
  /** Answers writes and manual checks. */
  readonly manageFunction: LambdaFunction;

  constructor(scope: Construct, id: string, props: StatusApiProps) {
    super(scope, id);
    const { deployment, settings, concurrency = {}, domain } = props;
    this.readFunction = new HandlerFunction(this, 'Read', {
      handler: 'api',
      description: 'Answers the reads of the status API',
      deployment,
      memoryMiB: settings.memory?.reads ?? READ_MEMORY_MIB,
      timeout: READ_TIMEOUT,
      reservedConcurrency: concurrencyOf('reads', concurrency.reads),
      callsOut: false,
      settings,
    }).lambda;
    this.manageFunction = new HandlerFunction(this, 'Manage', {
      handler: 'manage',
      description: 'Answers the writes and manual checks of the status API',
      deployment,
      memoryMiB: settings.memory?.writes ?? MANAGE_MEMORY_MIB,
      timeout: MANAGE_TIMEOUT,
      reservedConcurrency: concurrencyOf('writes', concurrency.writes),
      callsOut: true,
      settings,
    }).lambda;

    this.api = new HttpApi(this, 'Api', {
      description: 'Health of LLM API providers',
      createDefaultStage: false,
      ...(props.apiName !== undefined && { apiName: props.apiName }),
      ...(props.cors && { corsPreflight: corsOf(props.cors) }),
    });
    const routes = this.#addRoutes(props);
    this.#addStage(props, routes);
    this.url = domain ? `https://${domain.domainName}` : this.api.apiEndpoint;
  }

  /** Lets a role send signed requests. */
  grantInvoke(grantee: IGrantable, allowed: 'reads' | 'everything'): Grant {
    const methods = allowed === 'everything' ? ['*'] : [HttpMethod.GET, HttpMethod.HEAD];
    const { api } = this;
    const arnOf = (method: string) =>
      Stack.of(this).formatArn({
        service: 'execute-api',
        resource: api.apiId,
        resourceName: `$default/${method}/*`,
      });
    return Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: methods.map(arnOf) });
  }

  #addRoutes({ door, jwt }: StatusApiProps): HttpRoute[] {
    const read = new HttpLambdaIntegration('Read', this.readFunction);
    const write = new HttpLambdaIntegration('Write', this.manageFunction);
    const authorizers = authorizersOf(jwt);
    const add = (
      groups: readonly RouteGroup[],
      integration: HttpLambdaIntegration,
      access: GatewayAccess,
      scopes: string[] | undefined,
    ) => {
      const options = {
        integration,
        authorizer: authorizers(access),
        ...(access === 'jwt' && scopes && { authorizationScopes: scopes }),
      };
      const routes = groups.flatMap(({ methods, paths }) =>
        paths.flatMap((path) => this.api.addRoutes({ path, methods, ...options })),
      );
      if (access === 'none') for (const route of routes) acknowledgeOpen(route, door);
      return routes;
    };
    return [
      ...add(READ_ROUTES, read, door.reads, jwt?.readScopes),
      ...add(WRITE_ROUTES, write, door.writes, jwt?.writeScopes),
    ];
  }

  #addStage({ throttle, settings, domain }: StatusApiProps, routes: readonly HttpRoute[]): void {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: settings.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      ...(domain && { domainMapping: { domainName: customDomain(this, 'Domain', domain) } }),
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: ACCESS_LOG_FORMAT },
    });
    (stage.node.defaultChild as CfnStage).routeSettings = routeSettings(throttle);
    // API Gateway refuses a stage with settings for a route that does not exist yet.
    stage.node.addDependency(...routes);
  }
}

/**
 * One JSON object a request. Without query and headers, so that secrets that a caller sends by mistake stay out of the
 * log.
 */
const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTime(),
    ip: AccessLogField.contextIdentitySourceIp(),
    caller: AccessLogField.contextIdentityUserArn(),
    method: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    responseLength: AccessLogField.contextResponseLength(),
    latencyMs: AccessLogField.contextResponseLatency(),
    error: AccessLogField.contextErrorMessage(),
  }),
);

/** Makes each authorizer for the first route that needs it: CDK refuses an authorizer without a route. */
function authorizersOf(jwt: JwtOptions | undefined): (access: GatewayAccess) => IHttpRouteAuthorizer {
  let tokens: HttpJwtAuthorizer | undefined;
  return (access) => {
    switch (access) {
      case 'none':
        return new HttpNoneAuthorizer();
      case 'iam':
        return new HttpIamAuthorizer();
      case 'jwt':
        if (!jwt) throw new Error('jwt: expected the tokens that are let in, got none');
        tokens ??= new HttpJwtAuthorizer('Jwt', jwt.issuer, { jwtAudience: jwt.audience });
        return tokens;
      default: {
        const never: never = access;
        return never;
      }
    }
  };
}

function acknowledgeOpen(route: HttpRoute, { settings }: Door): void {
  const reason = settings
    ? 'The function asks for a password or a session itself, so that browsers can ask for it.'
    : 'Only reads are open: this route reaches no secret and no write.';
  Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
}

/** API Gateway answers the preflight itself. Only reads are allowed, so no page of another site can change anything. */
function corsOf({ allowOrigins }: CorsOptions) {
  const wrong = allowOrigins.find((origin) => origin !== '*' && !/^https?:\/\/[^/\s]+$/.test(origin));
  if (wrong !== undefined || allowOrigins.length === 0) {
    const got = wrong === undefined ? 'none' : JSON.stringify(wrong);
    const message = `expected origins without a path, such as "https://status.example.com", or "*", got ${got}`;
    throw new ConfigError([{ path: 'cors.allowOrigins', message }]);
  }
  return {
    allowOrigins: [...allowOrigins],
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.HEAD],
    allowHeaders: ['accept', 'authorization'],
    exposeHeaders: ['retry-after', 'x-request-id'],
    maxAge: Duration.hours(1),
  };
}
