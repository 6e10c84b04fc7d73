/**
 * The HTTP API: which requests reach which function, and who may send them. Reads and writes are two functions, so that
 * the one that answers everybody can reach no secret and change nothing. The answers are lib/api's.
 */

import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
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
import { HandlerFunction } from './functions/handler-function.ts';

/** Enough for a page of a thousand checks, rendered; more memory is also more CPU, so the answer comes sooner. */
const MEMORY_MIB = 512;

/** Reads are Queries of one table: one that takes longer than this has failed. */
const READ_TIMEOUT = Duration.seconds(10);

/** A manual check ends within 25 s; the API itself gives up after 30 s. */
const MANAGE_TIMEOUT = Duration.seconds(29);

const READ_METHODS = [HttpMethod.GET, HttpMethod.HEAD];
const WRITE_METHODS = [HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE];

/** All of them: which paths exist is decided by lib/api, whose 404 says more than the gateway's. */
const PATHS = ['/', '/{proxy+}'];

/** Tokens that open the API to people and programs without AWS credentials. */
export interface JwtOptions {
  /** The OpenID Connect issuer, as in the tokens' `iss`: `https://login.example.com/`. */
  readonly issuer: string;
  /** A token's `aud` must be one of these. */
  readonly audience: string[];
  /**
   * Scopes of which a token must have one to read.
   * @default - any token of the issuer and audience may read
   */
  readonly readScopes?: string[];
  /**
   * Scopes of which a token must have one to check by hand, register, change and remove.
   * @default - any token of the issuer and audience may write
   */
  readonly writeScopes?: string[];
}

/** Requests that the API lets through, all callers together. */
export interface ThrottleOptions {
  /** @default 50 */
  readonly requestsPerSecond?: number;
  /** Requests that may come at once. @default 100 */
  readonly burst?: number;
}

export interface StatusApiProps {
  readonly deployment: Deployment;
  /** Whether everybody may read. Writes and manual checks are never open. @default false */
  readonly publicStatus?: boolean;
  /** @default - requests must be signed with AWS credentials that are allowed to (IAM) */
  readonly jwt?: JwtOptions;
  /** What an open API, or a caller gone wild, can cost at most. */
  readonly throttle?: ThrottleOptions;
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
    const { deployment, logRetention } = props;
    this.readFunction = new HandlerFunction(this, 'Read', {
      handler: 'api',
      description: 'Answers what is read from the status API',
      deployment,
      memoryMiB: MEMORY_MIB,
      timeout: READ_TIMEOUT,
      logRetention,
    }).lambda;
    this.manageFunction = new HandlerFunction(this, 'Manage', {
      handler: 'manage',
      description: 'Manual checks, and providers registered, changed and removed through the status API',
      deployment,
      memoryMiB: MEMORY_MIB,
      timeout: MANAGE_TIMEOUT,
      logRetention,
    }).lambda;

    this.api = new HttpApi(this, 'Api', {
      description: 'Health of LLM API providers',
      createDefaultStage: false,
      defaultAuthorizer: authorizer(props.jwt),
    });
    this.#addRoutes(props);
    this.#addStage(props);
    this.url = this.api.apiEndpoint;
  }

  #addRoutes({ publicStatus, jwt }: StatusApiProps): void {
    const read = new HttpLambdaIntegration('Read', this.readFunction);
    const write = new HttpLambdaIntegration('Write', this.manageFunction);
    for (const path of PATHS) {
      const reads = this.api.addRoutes({
        path,
        methods: READ_METHODS,
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
      this.api.addRoutes({ path, methods: WRITE_METHODS, integration: write, authorizationScopes: jwt?.writeScopes });
    }
  }

  #addStage({ throttle, logRetention }: StatusApiProps): void {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle?.requestsPerSecond ?? 50, burstLimit: throttle?.burst ?? 100 },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: ACCESS_LOG_FORMAT },
    });
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

function authorizer(jwt: JwtOptions | undefined): IHttpRouteAuthorizer {
  return jwt ? new HttpJwtAuthorizer('Jwt', jwt.issuer, { jwtAudience: jwt.audience }) : new HttpIamAuthorizer();
}
