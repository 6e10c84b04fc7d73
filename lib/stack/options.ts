/** The options of a stack. Everything except the providers has a default. */

import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { RegisteredKeyInput } from '../config/schema.ts';
import type { TokenPrice } from '../costs/prices.ts';
import type { DoorOptions } from './access/door.ts';
import type { ConfigSource } from './config-source.ts';
import type { TickSeconds } from './functions/check-function.ts';
import type { ConcurrencyOptions } from './functions/concurrency.ts';
import type { MemoryOptions } from './functions/function-settings.ts';
import type { CorsOptions } from './status-api.ts';
import type { ThrottleOptions } from './throttles.ts';

export interface ProxyOptions {
  /**
   * URL of the proxy, such as `http://proxy.internal:3128`. Without user and password, since the functions' code
   * contains it.
   */
  readonly url: string;
  /** Hosts, ends of names (`.internal`), addresses and ranges that are reached without the proxy. @default - none */
  readonly except?: readonly string[];
}

export interface ProviderHealthOptions extends DoorOptions {
  /** Seconds between two ticks: 60, 30, 20, 15 or 10. A tick probes the providers that are due. @default 60 */
  readonly tickSeconds?: TickSeconds;
  /**
   * Number of shards, 1 to 40: parts of the providers that are checked in parallel, each by a function of its own. More
   * shards than the declared providers need leave room for registered ones, 250 in each.
   * @default - one for each 250 declared providers
   */
  readonly shards?: number;
  /**
   * Dollars for a million tokens, by model, for the bill that `cdk synth` prints.
   *
   * @default - prices of a few common models
   */
  readonly tokenPrices?: Readonly<Record<string, TokenPrice>>;
  /**
   * The most requests that each route of the API lets through.
   *
   * @default - 50 reads a second; see {@link ThrottleOptions}
   */
  readonly throttle?: ThrottleOptions;
  /** Other sites with scripts that may read the API. @default - none */
  readonly cors?: CorsOptions;
  /** Name of the API in the console. @default - CDK's name */
  readonly apiName?: string;
  /** Concurrency reserved for the functions. @default - none; see {@link ConcurrencyOptions} */
  readonly concurrency?: ConcurrencyOptions;
  /**
   * Whether a provider's `baseUrl` may be in a private network, and may be http. Loopback and link-local addresses stay
   * forbidden, since Lambda itself listens there.
   * @default false
   */
  readonly allowPrivateNetwork?: boolean;
  /**
   * The HTTP proxy for requests to providers and alert channels, for example in a VPC that lets nothing else out.
   * Variables such as HTTPS_PROXY are ignored. The table, the keys and other AWS services are reached without it.
   * @default - none
   */
  readonly proxy?: ProxyOptions;
  /**
   * The VPC of the functions that probe, run manual checks and send alerts. They can then reach the VPC's private
   * addresses, and AWS and the internet only through its NAT or endpoints.
   *
   * @default - no VPC: the functions reach the internet, but no private address
   */
  readonly vpc?: IVpc;
  /** @default - the private subnets of the VPC */
  readonly vpcSubnets?: SubnetSelection;
  /** @default - a group that allows all outgoing and no incoming traffic */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * Key references (`ssm:/name`, `secret:name`) that providers registered through the API may use, each with the hosts
   * that may receive the key; like `registeredKeys` of providers.json. A registered provider may also use the keys that
   * a declared provider names for the same host.
   *
   * @default - the `registeredKeys` of the configuration
   */
  readonly registeredKeys?: readonly RegisteredKeyInput[];
  /**
   * Source of a provider list that is read while the monitor runs, so that a changed list needs no deployment:
   * `s3://bucket/key` in the stack's region, or `ssm:/name`. The list is an object with `providers` and optionally
   * `defaults`, as in providers.json. An accepted list replaces the stack's providers; until then, and for the
   * functions' rights, the stack's providers count.
   *
   * @default - only the stack's providers
   */
  readonly providerList?: string;
  /**
   * Folders of names that the functions may read as a whole, such as `ssm:/provider-health/*` and
   * `secret:provider-health/*`. A new key then needs no deployment, and any number of keys fits into the policy.
   * @default - only the keys that are named
   */
  readonly keyPrefixes?: readonly string[];
  /**
   * Customer managed KMS keys that encrypt the parameters, the secrets and the provider list.
   *
   * @default - AWS managed keys
   */
  readonly encryptionKeys?: readonly IKey[];
  /**
   * Topic for alarms about the monitor itself, when they begin and when they are over. Its policy must let
   * `cloudwatch.amazonaws.com` publish.
   * @default - none
   */
  readonly alarmTopic?: ITopic;
  /** E-mail address that gets the same alarms. It must be confirmed after the deployment. @default - none */
  readonly alarmEmail?: string;
  /**
   * Topics by severity: `critical` when the monitor cannot check or cannot alert (no tick, lost alerts), `warning` for
   * what can wait until the morning. `alarmTopic` still gets all alarms.
   * @default - none
   */
  readonly alarmTopics?: { readonly critical?: ITopic; readonly warning?: ITopic };
  /**
   * Address of the runbook. Each alarm links to its section.
   * @default - the runbook of this version of the project
   */
  readonly runbookUrl?: string;
  /** Whether each provider gets two custom metrics in CloudWatch, which cost money. @default false */
  readonly metricsPerProvider?: boolean;
  /** Whether CloudWatch gets a dashboard of the monitor. @default true */
  readonly dashboard?: boolean;
  /** Whether the functions send traces to X-Ray, which cost money. @default false */
  readonly tracing?: boolean;
  /**
   * MiB of memory by function.
   *
   * @default - 512 to 1769 for checks, by the number of providers; 1024 for reads; 512 for the others
   */
  readonly memorySize?: MemoryOptions;
  /**
   * Environment variables of every function, such as those of an extension. The monitor's own variables override them.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Permissions boundary of all roles of the monitor. @default - none */
  readonly rolePermissionsBoundary?: IManagedPolicy;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * An existing table, such as one that a deleted stack has left, with its stream: from `Table.fromTableAttributes`.
   * @default - a new table
   */
  readonly table?: ITable;
  /**
   * The same, by the ARN of its stream. A table with a customer managed key also needs `tableEncryptionKey`. Not
   * together with `table`.
   *
   * @default - a new table
   */
  readonly tableStreamArn?: string;
  /**
   * Customer managed KMS key of a new table, or of the one that `tableStreamArn` names.
   *
   * @default - a key of DynamoDB, which costs nothing
   */
  readonly tableEncryptionKey?: IKey;
  /** Whether the table is kept when the stack is deleted; see {@link HealthTable}. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

export type ProviderHealthProps = ProviderHealthOptions & ConfigSource;
