/** The options of a stack: everything but the providers has a default. */

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
  /** Such as `http://proxy.internal:3128`. Without user and password: it is in the functions' bundle. */
  readonly url: string;
  /** Hosts, ends of names (`.internal`), addresses and ranges that are reached without it. @default - none */
  readonly except?: readonly string[];
}

export interface ProviderHealthOptions extends DoorOptions {
  /** Time between two ticks: 60, 30, 20, 15 or 10. A provider is probed on those ticks on which it is due. @default 60 */
  readonly tickSeconds?: TickSeconds;
  /**
   * In how many parts the providers are checked side by side, each by a function of its own, 1 to 40. More than the declared
   * providers need leaves room for registered ones: 250 for each.
   * @default - one for each 250 declared providers
   */
  readonly shards?: number;
  /** Dollars for a million tokens, by model, for the bill that `cdk synth` prints. @default - those of a few usual models */
  readonly tokenPrices?: Readonly<Record<string, TokenPrice>>;
  /** The most that each route of the API lets through. @default - 50 reads a second; see {@link ThrottleOptions} */
  readonly throttle?: ThrottleOptions;
  /** Pages of other sites that may read the API with a script. @default - none */
  readonly cors?: CorsOptions;
  /** Name of the API in the console. @default - a name of CDK's choice */
  readonly apiName?: string;
  /** Concurrency reserved for the functions. @default - none; see {@link ConcurrencyOptions} */
  readonly concurrency?: ConcurrencyOptions;
  /**
   * Whether a provider's `baseUrl` may lie in a private network, and be http. Never on the function's own machine or
   * link, where Lambda itself listens.
   * @default false
   */
  readonly allowPrivateNetwork?: boolean;
  /**
   * The HTTP proxy that providers and alerts are reached through, such as one in the VPC that lets nothing else out. The
   * functions' own environment is not asked for one. The table, keys and other services of AWS are reached without it.
   * @default - none
   */
  readonly proxy?: ProxyOptions;
  /**
   * The VPC of the functions that probe, check by hand and send alerts. They then reach what the VPC reaches, and AWS and
   * the internet only through its NAT or endpoints.
   * @default - no VPC: the internet, and nothing private
   */
  readonly vpc?: IVpc;
  /** @default - the private subnets of the VPC */
  readonly vpcSubnets?: SubnetSelection;
  /** @default - one that allows all outgoing and no incoming traffic */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * Key references (`ssm:/name`, `secret:name`) that providers registered through the API may use, each with the hosts
   * that it may be sent to; as `registeredKeys` of providers.json. Beyond these, such a provider may use what a declared
   * one names for the same host.
   * @default - those of the configuration
   */
  readonly registeredKeys?: readonly RegisteredKeyInput[];
  /**
   * Where a list of providers is read while the monitor runs, so that a changed list needs no deployment: `s3://bucket/key`
   * in the stack's own region, or `ssm:/name`. It is an object with `providers` and, if need be, `defaults`, as in
   * providers.json. It takes the place of the stack's providers once it is accepted; until then, and for the rights, those count.
   * @default - the stack's providers alone
   */
  readonly providerList?: string;
  /**
   * Folders of names whose keys may all be read, one line of a policy each: `ssm:/provider-health/*` and
   * `secret:provider-health/*`. So a new key needs no deployment of rights, and any number of keys fits.
   * @default - exactly the keys that are named
   */
  readonly keyPrefixes?: readonly string[];
  /** Customer managed KMS keys of the parameters, the secrets and the provider list. @default - they are encrypted with AWS managed keys */
  readonly encryptionKeys?: readonly IKey[];
  /**
   * Notified when the monitor itself is in trouble, and when that is over. Its policy must let `cloudwatch.amazonaws.com`
   * publish.
   * @default - none
   */
  readonly alarmTopic?: ITopic;
  /** An address that gets the same by e-mail, after it has confirmed. @default - none */
  readonly alarmEmail?: string;
  /**
   * Topics by how much an alarm matters: `critical` when the monitor cannot check or cannot alert (no tick, lost alerts), `warning` for
   * what can wait until the morning. Beside `alarmTopic`, which gets all.
   * @default - none
   */
  readonly alarmTopics?: { readonly critical?: ITopic; readonly warning?: ITopic };
  /**
   * Address of the runbook: each alarm links to its section of it.
   * @default - the runbook of this version of the project
   */
  readonly runbookUrl?: string;
  /** Whether each provider has two custom metrics of its own in CloudWatch, which cost. @default false */
  readonly metricsPerProvider?: boolean;
  /** Whether CloudWatch gets a dashboard of the monitor. @default true */
  readonly dashboard?: boolean;
  /** Whether the functions send traces to X-Ray, which cost. @default false */
  readonly tracing?: boolean;
  /** MiB of memory by function. @default - 512 to 1769 for the checks, by their number; 1024 for reads; 512 for the others */
  readonly memorySize?: MemoryOptions;
  /** Environment variables of every function, such as those of an extension. The monitor's own win. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** The most that any role of the monitor may do. @default - none */
  readonly rolePermissionsBoundary?: IManagedPolicy;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * A table that exists, such as the one that a deleted stack has left: with its stream, from `Table.fromTableAttributes`.
   * @default - a new one
   */
  readonly table?: ITable;
  /**
   * The same by the ARN of its stream, which has the table's name in it; a table with a key of your own also wants
   * `tableEncryptionKey`. Not beside `table`.
   * @default - a new one
   */
  readonly tableStreamArn?: string;
  /** Customer managed KMS key of a new table, or of the one that `tableStreamArn` names. @default - a key of DynamoDB's own, which costs nothing */
  readonly tableEncryptionKey?: IKey;
  /** Whether the table is kept when the stack is deleted; see {@link HealthTable}. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

export type ProviderHealthProps = ProviderHealthOptions & ConfigSource;
