/**
 * The whole monitor as one construct, for this project's stack and for any other: table, checks, schedule, API, alerts,
 * alarms and dashboard. A wrong configuration is refused here, before anything is deployed.
 */

import { CfnOutput } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type Grant, type IGrantable, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { accessKeys } from '../config/access.ts';
import { type Bill, billOf } from '../costs/bill.ts';
import { monthlyUsage } from '../costs/usage.ts';
import type { AddressPolicy } from '../egress/guard.ts';
import { shardSizes } from '../health/shards.ts';
import type { KeyReference } from '../keys/reference.ts';
import { PUBLIC_URL_VARIABLE } from '../store/env.ts';
import { channelKeys, grantChannels } from './access/alert-access.ts';
import { BedrockAccess } from './access/bedrock-access.ts';
import { type Door, doorOf } from './access/door.ts';
import { KeyAccess } from './access/key-access.ts';
import { ListAccess } from './access/list-access.ts';
import { grantReports, grantStatuses } from './access/table-grants.ts';
import { checkProps } from './checked-props.ts';
import { keysOf, readConfig } from './config-source.ts';
import { AlertsFunction } from './functions/alerts-function.ts';
import { CheckFunction } from './functions/check-function.ts';
import type { FunctionSettings } from './functions/function-settings.ts';
import { addReportStream } from './functions/report-stream.ts';
import { HealthTable } from './health-table.ts';
import { refuseJwt } from './jwt.ts';
import { addLimits } from './limits.ts';
import type { ProviderHealthOptions, ProviderHealthProps } from './options.ts';
import { proxiesOf } from './proxies.ts';
import { shardCount } from './shard-count.ts';
import { StatusApi } from './status-api.ts';
import { warnOfIntervals, warnOfNetwork, warnOfVariables } from './warnings.ts';
import { AlarmEmail } from './watch/alarm-email.ts';
import { Alarms, type AlarmTopics } from './watch/alarms.ts';
import { Dashboard } from './watch/dashboard.ts';

/** A monitor that is known only by its table: what it can grant. */
export interface ImportedProviderHealth {
  readonly tableName: string;
  /** See {@link ProviderHealth.grantRead}. */
  grantRead(grantee: IGrantable): Grant;
  /** See {@link ProviderHealth.grantReport}. */
  grantReport(grantee: IGrantable): Grant;
}

/** The runbook of the newest version, so that the links of old deployments stay valid. */
const RUNBOOK_URL = 'https://github.com/provider-health/provider-health/blob/main/docs/runbook.md';

export class ProviderHealth extends Construct {
  readonly table: HealthTable;
  readonly check: CheckFunction;
  readonly api: StatusApi;
  readonly alerts: AlertsFunction;
  readonly alarms: Alarms;
  /** Estimated costs of a month, for the declared providers. */
  readonly bill: Bill;

  /**
   * A monitor of another stack or app, by its table's name, to grant rights to routers.
   *
   * @example
   * ProviderHealth.fromTableName(this, 'Health', 'ProviderHealth-HealthTable-1A2B3C').grantRead(router);
   */
  static fromTableName(scope: Construct, id: string, tableName: string): ImportedProviderHealth {
    const table = Table.fromTableName(scope, id, tableName);
    return {
      tableName,
      grantRead: (grantee) => grantStatuses(table, grantee),
      grantReport: (grantee) => grantReports(table, grantee),
    };
  }

  /**
   * @example
   * const health = new ProviderHealth(this, 'Health', {
   *   providers: [{ type: 'openai', apiKey: 'ssm:/provider-health/openai' }],
   * });
   * health.grantRead(router);
   * @throws {ConfigError} When the configuration is wrong. The message lists every mistake.
   */
  constructor(scope: Construct, id: string, props: ProviderHealthProps) {
    super(scope, id);
    checkProps(props);
    const { tickSeconds = 60, metricsPerProvider = false, concurrency } = props;
    const addressPolicy: AddressPolicy = props.allowPrivateNetwork ? 'vpc' : 'public';
    refuseJwt(props.jwt);
    const { config, providers, channels, keys, heartbeatKeys } = readConfig(props, addressPolicy, props.registeredKeys);
    const alertKeys = channelKeys(channels);
    const door = doorOf(props);
    const shards = shardCount(providers, props.shards, tickSeconds);
    const deployment = {
      config,
      addressPolicy,
      proxies: proxiesOf(props.proxy),
      tickSeconds,
      metricsPerProvider,
      shards,
      access: door.settings,
      proofs: door.proofs,
      publicUrl: door.publicUrl,
      providerList:
        props.providerList === undefined ? null : { source: props.providerList, keyPrefixes: props.keyPrefixes ?? [] },
    };
    const settings = functionSettings(props);

    const { table: existing, tableStreamArn, removalPolicy, tableEncryptionKey: encryptionKey } = props;
    this.table = new HealthTable(this, 'Table', { table: existing, tableStreamArn, removalPolicy, encryptionKey });
    // A provider list may have any number of providers, so their number is not known here.
    const counted = props.providerList === undefined ? providers : [];
    const ids = counted.map((provider) => provider.id);
    const sizes = shardSizes(ids, shards);
    this.check = new CheckFunction(this, 'Check', { deployment, tickSeconds, shards, sizes, settings, concurrency });
    this.api = new StatusApi(this, 'Api', {
      deployment,
      door,
      apiName: props.apiName,
      jwt: props.jwt,
      cors: props.cors,
      domain: props.domain,
      throttle: props.throttle,
      concurrency,
      settings,
    });
    this.alerts = new AlertsFunction(this, 'Alerts', { deployment, table: this.table, settings, concurrency });
    // Links lead to the page only where browsers can open it: not where reads must be signed.
    if (door.publicUrl === null && door.reads === 'none') {
      this.alerts.lambda.addEnvironment(PUBLIC_URL_VARIABLE, this.url);
    }
    const { rolePermissionsBoundary: boundary } = props;
    if (boundary) PermissionsBoundary.of(this).apply(boundary);

    for (const lambda of this.check.lambdas) this.table.grantReadWrite(lambda);
    addReportStream(this, 'Reports', this.check.lambda, this.table);
    this.table.grantReadAll(this.api.readFunction);
    this.table.grantChanges(this.api.manageFunction);
    if (props.providerList !== undefined) {
      const { providerList: source, encryptionKeys = [] } = props;
      new ListAccess(this, 'ProviderList', { source, encryptionKeys, reader: this.check.lambda });
    }
    this.#grantKeys(props, { keys, heartbeatKeys, alertKeys }, door);
    const probing = [...this.check.lambdas, this.api.manageFunction];
    new BedrockAccess(this, 'Bedrock', { providers, functions: probing });
    for (const sender of [this.alerts.lambda, this.api.manageFunction]) grantChannels(sender, channels);

    this.alarms = this.#watch(props, tickSeconds, metricsPerProvider);
    const doorKeys = keysOf(door.settings ? accessKeys(door.settings) : []);
    warnOfVariables(this, { apiKey: keys, alerts: alertKeys, heartbeatUrl: heartbeatKeys, passwords: doorKeys });
    warnOfIntervals(this, providers, tickSeconds);
    warnOfNetwork(this, props);
    const usage = monthlyUsage(providers, { tickSeconds, shards, memoryMiB: props.memorySize?.check });
    this.bill = billOf(usage, props.tokenPrices);
    addLimits(this);
  }

  /** Address of the API and the status page, without a trailing slash. */
  get url(): string {
    return this.api.url;
  }

  /** Name of the table, for lib/reader. */
  get tableName(): string {
    return this.table.table.tableName;
  }

  /**
   * Lets a function or a role (of a container, of a machine) read the statuses through lib/reader. For a function of
   * this app it also sets the variable with the table's name. Other programs set `PROVIDER_HEALTH_TABLE_NAME` to
   * `tableName`.
   */
  grantRead(grantee: IGrantable): Grant {
    return this.table.grantRead(grantee);
  }

  /**
   * Lets a function or a role report failures of real traffic, so that the monitor checks at once; see lib/reader's
   * reporter.
   */
  grantReport(grantee: IGrantable): Grant {
    return this.table.grantReport(grantee);
  }

  /** Lets a role send signed requests to the API: for reading, and with `writes` for everything. */
  grantInvoke(grantee: IGrantable, { writes = false }: { readonly writes?: boolean } = {}): Grant {
    return this.api.grantInvoke(grantee, writes ? 'everything' : 'reads');
  }

  /** Adds the outputs that other programs need. @param scope The construct that prefixes their names. */
  addOutputs(scope: Construct = this): void {
    new CfnOutput(scope, 'ApiUrl', {
      value: this.url,
      description: 'The status API and, at its root, the status page',
    });
    new CfnOutput(scope, 'TableName', { value: this.tableName, description: 'The table that lib/reader reads' });
  }

  #grantKeys(
    { keyPrefixes = [], encryptionKeys = [] }: ProviderHealthOptions,
    { keys, heartbeatKeys, alertKeys }: Record<'keys' | 'heartbeatKeys' | 'alertKeys', readonly KeyReference[]>,
    { settings, writes }: Door,
  ): void {
    const { readFunction, manageFunction } = this.api;
    new KeyAccess(this, 'ProviderKeys', {
      references: keys,
      prefixes: keyPrefixes,
      encryptionKeys,
      functions: [...this.check.lambdas, manageFunction],
    });
    // Only the first shard calls `heartbeatUrl`.
    const heartbeat = { references: heartbeatKeys, prefixes: [], encryptionKeys };
    new KeyAccess(this, 'HeartbeatKeys', { ...heartbeat, functions: [this.check.lambda] });
    // The manage function sends test messages to the channels.
    const senders = [this.alerts.lambda, manageFunction];
    new KeyAccess(this, 'AlertKeys', { references: alertKeys, prefixes: [], encryptionKeys, functions: senders });
    if (!settings) return;
    const asking = writes === 'none' ? [readFunction, manageFunction] : [readFunction];
    const references = keysOf(accessKeys(settings));
    new KeyAccess(this, 'DoorKeys', { references, prefixes: [], encryptionKeys, functions: asking });
  }

  #watch(props: ProviderHealthOptions, tickSeconds: number, metricsPerProvider: boolean): Alarms {
    const { table, check, alerts, api } = this;
    const alarms = new Alarms(this, 'Alarms', {
      tableName: this.tableName,
      tickSeconds,
      check,
      alerts,
      api,
      readsList: props.providerList !== undefined,
      topics: this.#alarmTopics(props),
      runbookUrl: props.runbookUrl ?? RUNBOOK_URL,
    });
    if (props.dashboard ?? true) {
      const shown = { table: table.table, check, alerts, api, alarms: alarms.all, metricsPerProvider };
      new Dashboard(this, 'Dashboard', shown);
    }
    return alarms;
  }

  #alarmTopics({ alarmTopic, alarmTopics = {}, alarmEmail }: ProviderHealthOptions): AlarmTopics {
    const all = [
      ...(alarmTopic === undefined ? [] : [alarmTopic]),
      ...(alarmEmail === undefined ? [] : [new AlarmEmail(this, 'AlarmEmail', alarmEmail).topic]),
    ];
    const of = (topic: ITopic | undefined) => (topic === undefined ? all : [...all, topic]);
    return { critical: of(alarmTopics.critical), warning: of(alarmTopics.warning) };
  }
}

function functionSettings(props: ProviderHealthOptions): FunctionSettings {
  const { vpc, vpcSubnets, securityGroups } = props;
  return {
    logRetention: props.logRetention,
    tracing: props.tracing,
    environment: props.environment,
    memory: props.memorySize,
    network: vpc && { vpc, vpcSubnets, securityGroups },
  };
}
