/** A stack of its own for the monitor, with what other programs need to know of it as outputs. */

import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ProviderHealthProps } from './options.ts';
import { ProviderHealth } from './provider-health.ts';

export type ProviderHealthStackProps = StackProps & ProviderHealthProps;

export class ProviderHealthStack extends Stack {
  readonly health: ProviderHealth;

  constructor(scope: Construct, id: string, props: ProviderHealthStackProps) {
    super(scope, id, props);
    this.health = new ProviderHealth(this, 'Health', props);
    this.health.addOutputs(this);
  }
}
