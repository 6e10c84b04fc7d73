/** A provider of a type with that type's defaults, for tests of adapters. */

import type { ProviderConfig, ProviderType } from '../../../lib/health/provider.ts';
import { presetOf } from '../../../lib/probe/presets/presets.ts';
import { provider } from '../../support/builders.ts';

export function configOf(type: ProviderType, over: Partial<ProviderConfig> = {}): ProviderConfig {
  const preset = presetOf(type);
  return provider({
    id: type,
    type,
    model: preset.model ?? 'a-model',
    baseUrl: preset.baseUrl ?? `https://${type}.example/v1`,
    ...over,
  });
}
