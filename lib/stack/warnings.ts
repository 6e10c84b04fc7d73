/** Warnings of the synthesis about settings that are probably a mistake. None of them stops it. */

import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ProviderConfig } from '../health/provider.ts';
import type { KeyReference } from '../keys/reference.ts';
import type { ProviderHealthOptions } from './options.ts';

/**
 * Keys in environment variables. Not an error: the variables may be set in another way.
 *
 * @param keys By the field that names them.
 */
export function warnOfVariables(scope: Construct, keys: Readonly<Record<string, readonly KeyReference[]>>): void {
  for (const [field, references] of Object.entries(keys)) {
    const names = new Set(references.flatMap(({ kind, name }) => (kind === 'env' ? name : [])));
    if (names.size === 0) continue;
    Annotations.of(scope).addWarningV2(
      `provider-health:env:${field}`,
      `${field} env:${[...names].join(', env:')}: expected ssm:/name or secret:name, since a deployed function has no such ` +
        'variable of its own. Store it as a SecureString parameter and refer to that.',
    );
  }
}

/** Intervals shorter than a tick. Not an error: a monitor with a shorter tick may use the same file. */
export function warnOfIntervals(scope: Construct, providers: readonly ProviderConfig[], tickSeconds: number): void {
  const hasty = providers.filter(({ intervalSeconds }) => intervalSeconds < tickSeconds).map(({ id }) => id);
  if (hasty.length === 0) return;
  Annotations.of(scope).addWarningV2(
    'provider-health:interval',
    `intervalSeconds of ${hasty.join(', ')}: expected at least the ${tickSeconds} s between two ticks, got less. They are ` +
      'checked on every tick; for more, set tickSeconds.',
  );
}

/** Private addresses without a VPC. Not an error: a name that looks private may have a public address. */
export function warnOfNetwork(scope: Construct, { allowPrivateNetwork, vpc }: ProviderHealthOptions): void {
  if (!allowPrivateNetwork || vpc) return;
  Annotations.of(scope).addWarningV2(
    'provider-health:network',
    'allowPrivateNetwork: expected the option vpc beside it, since functions in no VPC reach no private address.',
  );
}
