/**
 * The whole monitor as one construct, for this project's own stack and for any other: the table, the check on its
 * schedule, the API, the alerts, and what watches all of them. What can be wrong with the configuration is refused here,
 * before anything is deployed.
 */

import { Annotations, type RemovalPolicy } from 'aws-cdk-lib';
import type { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { RegisteredKeyInput } from '../config/schema.ts';
import type { AddressPolicy } from '../egress/guard.ts';
import type { ProviderConfig } from '../health/provider.ts';
import type { KeyReference } from '../keys/reference.ts';
import { channelKeys, grantChannels } from './access/alert-access.ts';
import { grantKeys } from './access/key-access.ts';
import { type ConfigSource, readConfig } from './config-source.ts';
import { AlertsFunction } from './functions/alerts-function.ts';
import { CheckFunction, type TickSeconds } from './functions/check-function.ts';
import { addReportStream } from './functions/report-stream.ts';
import { HealthTable } from './health-table.ts';
import { type JwtOptions, refuseJwt } from './jwt.ts';
import { type ConcurrencyOptions, StatusApi } from './status-api.ts';
import type { ThrottleOptions } from './throttles.ts';
import { AlarmEmail } from './watch/alarm-email.ts';
import { Alarms } from './watch/alarms.ts';
import { Dashboard } from './watch/dashboard.ts';

export interface ProviderHealthOptions {
  /** Time between two ticks: 60, 30, 20, 15 or 10. A provider is probed on those ticks on which it is due. @default 60 */
  readonly tickSeconds?: TickSeconds;
  /** Whether everybody may read the API and the status page. Writes and manual checks are never open. @default false */
  readonly publicStatus?: boolean;
  /** Tokens that are let in. @default - requests must be signed by AWS credentials that may `execute-api:Invoke` */
  readonly jwt?: JwtOptions;
  /** The most that each route of the API lets through. @default - 50 reads a second; see {@link ThrottleOptions} */
  readonly throttle?: ThrottleOptions;
  /** Concurrency reserved for the functions of the API. @default - none; see {@link ConcurrencyOptions} */
  readonly concurrency?: ConcurrencyOptions;
  /**
   * Whether a provider's `baseUrl` may lie in a private network, and be http. Never on the function's own machine or
   * link, where Lambda itself listens.
   * @default false
   */
  readonly allowPrivateNetwork?: boolean;
  /**
   * Key references (`ssm:/name`, `secret:name`) that providers registered through the API may use, each with the hosts
   * that it may be sent to; as `registeredKeys` of providers.json. Beyond these, such a provider may use what a declared
   * one names for the same host.
   * @default - those of the configuration
   */
  readonly registeredKeys?: readonly RegisteredKeyInput[];
  /** Customer managed KMS keys of the parameters and secrets. @default - they are encrypted with AWS managed keys */
  readonly encryptionKeys?: readonly IKey[];
  /**
   * Told when the monitor itself is in trouble, and when that is over. Its policy must let `cloudwatch.amazonaws.com`
   * publish.
   * @default - none
   */
  readonly alarmTopic?: ITopic;
  /** An address that is told so by e-mail, after it has confirmed that it wants to be. @default - none */
  readonly alarmEmail?: string;
  /** Whether each provider has two custom metrics of its own in CloudWatch, which cost. @default false */
  readonly metricsPerProvider?: boolean;
  /** Whether CloudWatch gets a dashboard of the monitor. @default true */
  readonly dashboard?: boolean;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** What becomes of the table when the stack is deleted; see {@link HealthTable}. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

export type ProviderHealthProps = ProviderHealthOptions & ConfigSource;

export class ProviderHealth extends Construct {
  readonly table: HealthTable;
  readonly check: CheckFunction;
  readonly api: StatusApi;
  readonly alerts: AlertsFunction;
  readonly alarms: Alarms;

  /**
   * @example
   * const health = new ProviderHealth(this, 'Health', {
   *   providers: [{ type: 'openai', apiKey: 'ssm:/provider-health/openai' }],
   * });
   * health.grantRead(router);
   * @throws {ConfigError} When the configuration is wrong; the message has every mistake.
   */
  constructor(scope: Construct, id: string, props: ProviderHealthProps) {
    super(scope, id);
    const { tickSeconds = 60, metricsPerProvider = false, logRetention } = props;
    const addressPolicy: AddressPolicy = props.allowPrivateNetwork ? 'vpc' : 'public';
    refuseJwt(props.jwt);
    const { config, providers, channels, keys, heartbeatKeys } = readConfig(props, addressPolicy, props.registeredKeys);
    const alertKeys = channelKeys(channels);
    const deployment = { config, addressPolicy, tickSeconds, metricsPerProvider };

    this.table = new HealthTable(this, 'Table', { removalPolicy: props.removalPolicy });
    this.check = new CheckFunction(this, 'Check', { deployment, tickSeconds, logRetention });
    this.api = new StatusApi(this, 'Api', {
      deployment,
      publicStatus: props.publicStatus,
      jwt: props.jwt,
      throttle: props.throttle,
      concurrency: props.concurrency,
      logRetention,
    });
    this.alerts = new AlertsFunction(this, 'Alerts', { deployment, table: this.table, logRetention });

    this.table.grantReadWrite(this.check.lambda);
    addReportStream(this, 'Reports', this.check.lambda, this.table);
    this.table.grantReadAll(this.api.readFunction);
    this.table.grantReadWrite(this.api.manageFunction);
    const { encryptionKeys = [] } = props;
    grantKeys(this.check.lambda, [...keys, ...heartbeatKeys], encryptionKeys);
    grantKeys(this.alerts.lambda, alertKeys, encryptionKeys);
    // It sends the test of the channels too.
    grantKeys(this.api.manageFunction, [...keys, ...alertKeys], encryptionKeys);
    for (const sender of [this.alerts.lambda, this.api.manageFunction]) grantChannels(sender, channels);

    const { table, check, alerts, api } = this;
    const topics = this.#alarmTopics(props);
    this.alarms = new Alarms(this, 'Alarms', {
      tableName: table.table.tableName,
      tickSeconds,
      check,
      alerts,
      api,
      topics,
    });
    if (props.dashboard ?? true) {
      const alarms = this.alarms.all;
      new Dashboard(this, 'Dashboard', { table: table.table, check, alerts, api, alarms, metricsPerProvider });
    }
    this.#warnOfVariables('apiKey', keys);
    this.#warnOfVariables('alerts', alertKeys);
    this.#warnOfVariables('heartbeatUrl', heartbeatKeys);
    this.#warnOfIntervals(providers, tickSeconds);
  }

  /** Lets a function read the statuses through lib/reader: the permission, and the variable that names the table. */
  grantRead(fn: LambdaFunction): Grant {
    return this.table.grantRead(fn);
  }

  /** Lets a function report where real traffic fails, so that the monitor checks at once; see lib/reader's reporter. */
  grantReport(fn: LambdaFunction): Grant {
    return this.table.grantReport(fn);
  }

  #alarmTopics({ alarmTopic, alarmEmail }: ProviderHealthOptions): ITopic[] {
    return [
      ...(alarmTopic === undefined ? [] : [alarmTopic]),
      ...(alarmEmail === undefined ? [] : [new AlarmEmail(this, 'AlarmEmail', alarmEmail).topic]),
    ];
  }

  /** Not an error: the variables may have been put there in another way. */
  #warnOfVariables(field: string, keys: readonly KeyReference[]): void {
    const names = new Set(keys.flatMap(({ kind, name }) => (kind === 'env' ? name : [])));
    if (names.size === 0) return;
    Annotations.of(this).addWarningV2(
      `provider-health:env:${field}`,
      `${field} env:${[...names].join(', env:')}: expected ssm:/name or secret:name, since a deployed function has no such ` +
        'variable of its own. Store it as a SecureString parameter and refer to that.',
    );
  }

  /** Not an error: the same file may be used by a monitor with a shorter tick. */
  #warnOfIntervals(providers: readonly ProviderConfig[], tickSeconds: number): void {
    const hasty = providers.filter(({ intervalSeconds }) => intervalSeconds < tickSeconds).map(({ id }) => id);
    if (hasty.length === 0) return;
    Annotations.of(this).addWarningV2(
      'provider-health:interval',
      `intervalSeconds of ${hasty.join(', ')}: expected at least the ${tickSeconds} s between two ticks, got less. They are ` +
        'checked on every tick; for more, set tickSeconds.',
    );
  }
}
