/**
 * The whole monitor as one construct, for this project's own stack and for any other: the table, the check on its
 * schedule, the API, the alerts, and what watches all of them. What can be wrong with the configuration is refused here,
 * before anything is deployed.
 */

import { Annotations } from 'aws-cdk-lib';
import type { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AddressPolicy } from '../egress/guard.ts';
import type { ProviderConfig } from '../health/provider.ts';
import type { KeyReference } from '../keys/reference.ts';
import { channelKeys, grantChannels } from './access/alert-access.ts';
import { KeyAccess } from './access/key-access.ts';
import { checkProps } from './checked-props.ts';
import { parseKeys, readConfig } from './config-source.ts';
import { AlertsFunction } from './functions/alerts-function.ts';
import { CheckFunction } from './functions/check-function.ts';
import { addReportStream } from './functions/report-stream.ts';
import { HealthTable } from './health-table.ts';
import type { ProviderHealthOptions, ProviderHealthProps } from './options.ts';
import { StatusApi } from './status-api.ts';
import { AlarmEmail } from './watch/alarm-email.ts';
import { Alarms } from './watch/alarms.ts';
import { Dashboard } from './watch/dashboard.ts';

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
    checkProps(props);
    const { tickSeconds = 60, metricsPerProvider = false, logRetention } = props;
    const addressPolicy: AddressPolicy = props.allowPrivateNetwork ? 'vpc' : 'public';
    const { config, providers, channels, keys: declaredKeys } = readConfig(props, addressPolicy);
    const keys = [...declaredKeys, ...parseKeys(props.registeredKeys ?? [])];
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
    const readers = [this.check.lambda, this.api.manageFunction];
    const shared = { prefixes: props.keyPrefixes ?? [], encryptionKeys };
    new KeyAccess(this, 'ProviderKeys', { ...shared, references: keys, functions: readers });
    // The manage function sends the test of the channels too.
    const senders = [this.alerts.lambda, this.api.manageFunction];
    new KeyAccess(this, 'AlertKeys', { ...shared, references: alertKeys, prefixes: [], functions: senders });
    for (const sender of senders) grantChannels(sender, channels);

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
