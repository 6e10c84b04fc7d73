/** A stack that contains only the monitor. Its outputs are what other programs need. */

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
