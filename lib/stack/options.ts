/** What a stack says of its monitor: everything but the providers has a default. */

import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ConfigSource } from './config-source.ts';
import type { TickSeconds } from './functions/check-function.ts';
import type { ConcurrencyOptions, JwtOptions } from './status-api.ts';
import type { ThrottleOptions } from './throttles.ts';

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
   * Key references (`ssm:/name`, `secret:name`) that providers registered through the API may use, beyond those of the
   * configuration.
   * @default - none
   */
  readonly registeredKeys?: readonly string[];
  /**
   * Folders of names whose keys may all be read, one line of a policy each: `ssm:/provider-health/*` and
   * `secret:provider-health/*`. So a new key needs no deployment of rights, and any number of keys fits.
   * @default - exactly the keys that are named
   */
  readonly keyPrefixes?: readonly string[];
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
