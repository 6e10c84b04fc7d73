/** Finds the provider's id of a request, which its support asks for. */

import { first } from '../../base/first.ts';
import { objectOf, textOf } from '../../base/json-value.ts';
import type { ProbeAnswer } from './adapter.ts';
import type { FamilyRules } from './reading.ts';

const MAX_LENGTH = 128;

/** From a header, else from the body of the answer or error. Only printable ASCII, at most 128 characters. */
export function requestIdOf(rules: FamilyRules, headers: ProbeAnswer['headers'], json: unknown): string | null {
  const body = objectOf(json);
  const candidates = [
    ...rules.requestIdHeaders.map((name) => headers[name]),
    body?.request_id,
    body?.responseId,
    body?.id,
  ];
  return cleanId(first(candidates, textOf));
}

export function cleanId(id: string | null): string | null {
  return textOf(id?.replace(/[^\x21-\x7e]/g, '').slice(0, MAX_LENGTH));
}
