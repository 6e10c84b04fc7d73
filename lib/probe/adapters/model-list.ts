/**
 * Judges the answer to a `models` probe. The probe is free, and proves that the provider is up and accepts the key.
 * Where no key is needed, it only proves that the server is up.
 */

import { arrayOf, at, objectOf, textOf } from '../../base/json-value.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import { isErrorBody } from '../failure/body.ts';
import { failedAnswer } from '../failure/failure.ts';
import type { ModelList } from '../presets/preset.ts';
import { presetOf } from '../presets/presets.ts';
import type { ProbeAnswer, Verdict } from './adapter.ts';
import type { ProbeSpec } from './reading.ts';
import { urlOf } from './request.ts';

/** @param read What was read of the answer: its JSON, undefined where it is none, and the id of the request. */
export function judgeModelList(
  spec: ProbeSpec,
  answer: ProbeAnswer,
  { json, requestId }: { json: unknown; requestId: string | null },
): Verdict {
  const { config } = spec;
  const preset = presetOf(config.type);
  const shape = preset.models?.shape ?? 'data';
  if (answer.statusCode !== 200 || isErrorBody(json) || !hasShape(json, shape)) {
    const expected = shape === 'key' ? 'a description of the key' : 'a list of models';
    return failedAnswer(answer, { type: config.type, url: urlOf(spec), expected }, requestId);
  }
  return { isHealthy: true, tokens: null, warning: warningOf(json, config), requestId };
}

function hasShape(json: unknown, shape: ModelList['shape']): boolean {
  switch (shape) {
    case 'data':
    case 'models':
    case 'modelSummaries':
      return isList(at(json, shape));
    case 'data-or-array':
      return isList(json) || isList(at(json, 'data'));
    case 'key':
      return objectOf(at(json, 'data')) !== null;
    default: {
      const never: never = shape;
      return never;
    }
  }
}

/** An empty list is valid: a local server may have no model yet. */
function isList(value: unknown): boolean {
  return arrayOf(value)?.every((model) => objectOf(model) !== null) ?? false;
}

/** OpenAI's list announces the end of a model, so that the operator can choose another one before the probe fails. */
function warningOf(json: unknown, config: ProviderConfig): string | null {
  const asked = arrayOf(at(json, 'data'))?.find((model) => at(model, 'id') === config.model);
  const shutdown = textOf(at(asked, 'shutdown_date'));
  return shutdown === null ? null : `model ${config.model} shuts down on ${shutdown}`;
}
