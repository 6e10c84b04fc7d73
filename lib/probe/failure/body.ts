/** Recognises error bodies, and shows them to people. Not here: what an error means (lib/failures). */

import { arrayOf, at, objectOf } from '../../base/json-value.ts';
import type { Layer } from '../../failures/layer.ts';
import { FIREWALL_HEADERS } from '../../failures/match.ts';

/** Enough characters to recognise a body. The message is shortened further before it is shown. */
const EXCERPT_LENGTH = 500;

/**
 * Codes that this project made, for words in a message or for a kind of body. They are not shown, since no provider
 * wrote them.
 */
const OURS = /^(html|text|empty|[~(].*|Per(Day|Minute))$/;

/**
 * Whether a JSON body is an error, whatever its status: it has a top-level `error`, an `error` in the first choice or in the
 * response of an event, a list of `errors`, the type or object `error`, Baidu's `error_code`, or MiniMax's `base_resp` other
 * than 0.
 */
export function isErrorBody(json: unknown): boolean {
  const body = objectOf(json) ?? objectOf(at(json, 0));
  const vendorStatus = at(body, 'base_resp', 'status_code');
  return (
    Boolean(at(body, 'error')) ||
    (arrayOf(at(body, 'errors'))?.length ?? 0) > 0 ||
    Boolean(at(body, 'choices', 0, 'error')) ||
    Boolean(at(body, 'response', 'error')) ||
    at(body, 'object') === 'error' ||
    at(body, 'type') === 'error' ||
    Number(at(body, 'error_code')) > 0 ||
    (vendorStatus !== undefined && vendorStatus !== null && String(vendorStatus) !== '0')
  );
}

function isOurs(code: string): boolean {
  return OURS.test(code) || FIREWALL_HEADERS.includes(code);
}

/** The codes that an operator may search for: at most two, without the HTTP status. */
export function shownCodes(layer: Layer | null, statusCode: number): string[] {
  const codes = (layer?.codes ?? []).filter((code) => !isOurs(code) && code !== String(statusCode));
  return [...new Set(codes)].slice(0, 2);
}

/**
 * The message to show: the deciding one, else the innermost one, with the name of the upstream provider that sent it,
 * if any.
 */
export function shownWords(deciding: Layer | null, layers: readonly Layer[], body: string): string {
  const layer = deciding?.message ? deciding : (layers.find(({ message }) => message !== null) ?? null);
  if (layer?.message == null || layer.codes.includes('html')) return excerptOf(body);
  return layer.upstream === null ? layer.message : `${layer.upstream}: ${layer.message}`;
}

/** The beginning of a body, or the title of an HTML page, so that a person can recognise it. */
export function excerptOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'an empty body';
  if (/^<(!doctype html|html|head|body)/i.test(trimmed)) {
    const title = /<title[^>]{0,100}>([^<]{0,200})/i.exec(trimmed.slice(0, 4096))?.[1]?.trim();
    return title ? `an HTML page "${title}"` : 'an HTML page';
  }
  return trimmed.slice(0, EXCERPT_LENGTH);
}
