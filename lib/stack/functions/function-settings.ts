/** Settings of the stack's user for all functions, and for the network of those that call out. */

import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Of the functions that probe, check by hand and send alerts. The one that answers reads needs no network of its own. */
export interface NetworkSettings {
  readonly vpc: IVpc;
  /** @default - the private subnets */
  readonly vpcSubnets?: SubnetSelection | undefined;
  /** @default - one that allows all outgoing and no incoming traffic */
  readonly securityGroups?: ISecurityGroup[] | undefined;
}

/** MiB of memory by function. More memory is also more CPU. */
export interface MemoryOptions {
  /**
   * Less than the providers need, and response times are measured too long. Set it where many are registered later.
   * @default - by the declared providers of its shard: 512 up to 25, 1024 up to 100, else 1769, which is one whole vCPU
   */
  readonly check?: number;
  /** @default 1024 */
  readonly reads?: number;
  /** @default 512 */
  readonly writes?: number;
  /** @default 512 */
  readonly alerts?: number;
}

export interface FunctionSettings {
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
  /** Whether X-Ray gets traces. @default false */
  readonly tracing?: boolean | undefined;
  /** Variables of every function; the monitor's own win. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly memory?: MemoryOptions | undefined;
  /** @default - the functions are in no VPC */
  readonly network?: NetworkSettings | undefined;
}
