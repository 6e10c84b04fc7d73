/** Compares the model that answered with the requested one. */

import type { ProviderConfig } from '../../health/provider.ts';
import { presetOf } from '../presets/presets.ts';

/**
 * A warning when the answer names a model of another family than requested. An alias and its dated version are the same
 * family. Null where the requested name is the operator's own (a deployment), and so cannot be compared.
 */
export function modelWarning(config: ProviderConfig, answered: string | null): string | null {
  if (answered === null || presetOf(config.type).modelIsAlias) return null;
  if (familyOf(answered) === familyOf(config.model)) return null;
  return `asked for model ${config.model}, answered by ${answered}`;
}

/** Endings that name a version of a model: `-latest`, `-preview`, `-001`, `-20261001`, `-2026-10-01`, `-12-2026`. */
const VERSION = /[-@](latest|preview|exp|\d{3,4}|\d{6}|\d{8}|\d\d-\d{4}|\d\d-\d\d)$/;

function familyOf(model: string): string {
  // Before a slash is the publisher; after a colon, a variant or the provider behind a router.
  const [name = ''] = model
    .slice(model.lastIndexOf('/') + 1)
    .toLowerCase()
    .split(':');
  let family = name;
  while (VERSION.test(family)) family = family.replace(VERSION, '');
  return family;
}
