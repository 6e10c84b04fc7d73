/**
 * The HTTP API: which requests reach which function, and who may send them. Reads and writes are two functions, so that
 * the one that answers everybody can reach no secret and change nothing. The answers are lib/api's.
 */

import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type AddRoutesOptions,
  type CfnStage,
  HttpApi,
  HttpNoneAuthorizer,
  type HttpRoute,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../config/deployment.ts';
import { ConfigError } from '../config/error.ts';
import { HandlerFunction } from './functions/handler-function.ts';
import type { JwtOptions } from './jwt.ts';
import { READ_ROUTES, type RouteGroup, routeSettings, type ThrottleOptions, WRITE_ROUTES } from './throttles.ts';

/** Enough for a page of a thousand checks, rendered; more memory is also more CPU, so the answer comes sooner. */
const MEMORY_MIB = 512;

/** Reads are Queries of one table: one that takes longer than this has failed. */
const READ_TIMEOUT = Duration.seconds(10);

/** A manual check ends within 25 s; the API itself gives up after 30 s. */
const MANAGE_TIMEOUT = Duration.seconds(29);

/**
 * Invocations that each function may have at the same time, taken from the account's and kept for it. None by default,
 * since a new account has 10 and may reserve none of them; the throttles alone keep a flood small beside the usual 1000.
 */
export interface ConcurrencyOptions {
  /** Of the function that answers reads: a flood of them takes no more from the ticks than this. @default - not reserved */
  readonly reads?: number;
  /** Of the function of the writes and the manual checks. @default - not reserved */
  readonly writes?: number;
}

export interface StatusApiProps {
  readonly deployment: Deployment;
  /** Whether everybody may read. Writes and manual checks are never open. @default false */
  readonly publicStatus?: boolean;
  /** @default - requests must be signed with AWS credentials that are allowed to (IAM) */
  readonly jwt?: JwtOptions;
  /** Bounds what an open API, or a caller gone wild, can cost. */
  readonly throttle?: ThrottleOptions;
  readonly concurrency?: ConcurrencyOptions;
  readonly logRetention?: RetentionDays;
}

export class StatusApi extends Construct {
  /** Without a trailing slash. */
  readonly url: string;
  readonly api: HttpApi;
  /** Answers GETs. */
  readonly readFunction: LambdaFunction;
  /** Answers everything that changes something, and manual checks. */
  readonly manageFunction: LambdaFunction;

  constructor(scope: Construct, id: string, props: StatusApiProps) {
    super(scope, id);
    const { deployment, logRetention, concurrency = {} } = props;
    this.readFunction = new HandlerFunction(this, 'Read', {
      handler: 'api',
      description: 'Answers what is read from the status API',
      deployment,
      memoryMiB: MEMORY_MIB,
      timeout: READ_TIMEOUT,
      reservedConcurrency: concurrencyOf('reads', concurrency.reads),
      logRetention,
    }).lambda;
    this.manageFunction = new HandlerFunction(this, 'Manage', {
      handler: 'manage',
      description: 'Manual checks, and providers registered, changed and removed through the status API',
      deployment,
      memoryMiB: MEMORY_MIB,
      timeout: MANAGE_TIMEOUT,
      reservedConcurrency: concurrencyOf('writes', concurrency.writes),
      logRetention,
    }).lambda;

    this.api = new HttpApi(this, 'Api', {
      description: 'Health of LLM API providers',
      createDefaultStage: false,
      defaultAuthorizer: authorizer(props.jwt),
    });
    const routes = this.#addRoutes(props);
    this.#addStage(props, routes);
    this.url = this.api.apiEndpoint;
  }

  #addRoutes({ publicStatus, jwt }: StatusApiProps): HttpRoute[] {
    const read = new HttpLambdaIntegration('Read', this.readFunction);
    const write = new HttpLambdaIntegration('Write', this.manageFunction);
    const add = (groups: readonly RouteGroup[], options: Omit<AddRoutesOptions, 'path' | 'methods'>) =>
      groups.flatMap(({ methods, paths }) =>
        paths.flatMap((path) => this.api.addRoutes({ path, methods, ...options })),
      );
    const reads = add(READ_ROUTES, {
      integration: read,
      ...(publicStatus ? { authorizer: new HttpNoneAuthorizer() } : { authorizationScopes: jwt?.readScopes }),
    });
    if (publicStatus) {
      for (const route of reads) {
        Validations.of(route).acknowledge({
          id: 'AwsSolutions-APIG4',
          reason: 'publicStatus opens the reads, and only them: no secret and no write is behind this route.',
        });
      }
    }
    return [...reads, ...add(WRITE_ROUTES, { integration: write, authorizationScopes: jwt?.writeScopes })];
  }

  #addStage({ throttle, logRetention }: StatusApiProps, routes: readonly HttpRoute[]): void {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: ACCESS_LOG_FORMAT },
    });
    (stage.node.defaultChild as CfnStage).routeSettings = routeSettings(throttle);
    // A stage with settings of a route that is not there yet is refused.
    stage.node.addDependency(...routes);
  }
}

/** One JSON object a request. No query and no header: what a caller sends by mistake stays out of the log. */
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

/** 0 would switch the function off. */
function concurrencyOf(kind: keyof ConcurrencyOptions, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw new ConfigError([{ path: `concurrency.${kind}`, message: `expected a whole number above 0, got ${value}` }]);
}

function authorizer(jwt: JwtOptions | undefined): IHttpRouteAuthorizer {
  return jwt ? new HttpJwtAuthorizer('Jwt', jwt.issuer, { jwtAudience: jwt.audience }) : new HttpIamAuthorizer();
}
