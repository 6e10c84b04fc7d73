/** Decides whether the model that answered is the one that was asked for. */

import type { ProviderConfig } from '../../health/provider.ts';
import { presetOf } from '../presets/presets.ts';

/**
 * A warning when an answer names a model of another family than asked; aliases that resolve to a dated version are the
 * same. Null where the name asked for is the operator's own (a deployment), so there is nothing to compare.
 */
export function modelWarning(config: ProviderConfig, answered: string | null): string | null {
  if (answered === null || presetOf(config.type).modelIsAlias) return null;
  if (familyOf(answered) === familyOf(config.model)) return null;
  return `asked for model ${config.model}, answered by ${answered}`;
}

/** Endings that say which version of a model it is: `-latest`, `-preview`, `-001`, `-20261001`, `-2026-10-01`, `-12-2026`. */
const VERSION = /[-@](latest|preview|exp|\d{3,4}|\d{6}|\d{8}|\d{4}-\d\d-\d\d|\d\d-\d{4}|\d\d-\d\d)$/;

function familyOf(model: string): string {
  // What stands before the name is its publisher, and after a colon comes a variant or the provider behind a router.
  const name = model.toLowerCase().split('/').at(-1)?.split(':', 1).join('') ?? '';
  let family = name;
  for (let shorter = family.replace(VERSION, ''); shorter !== family; shorter = family.replace(VERSION, '')) {
    family = shorter;
  }
  return family;
}
