/** Settings for all functions of a stack. */

import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

/**
 * Network of the functions that probe, run manual checks and send alerts. The function that answers reads is in no VPC.
 */
export interface NetworkSettings {
  readonly vpc: IVpc;
  /** @default - the private subnets */
  readonly vpcSubnets?: SubnetSelection | undefined;
  /** @default - a group that allows all outgoing and no incoming traffic */
  readonly securityGroups?: ISecurityGroup[] | undefined;
}

/** MiB of memory by function. More memory is also more CPU. */
export interface MemoryOptions {
  /**
   * With too little memory, response times are measured too long. Set it where many providers are registered later.
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
  /** Variables of every function. The monitor's own variables override them. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly memory?: MemoryOptions | undefined;
  /** @default - the functions are in no VPC */
  readonly network?: NetworkSettings | undefined;
}
