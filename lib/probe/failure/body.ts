/** Whether a body says that it is an error, and how one is shown to a person. lib/failures decides what it means. */

import { arrayOf, at, objectOf } from '../../base/json-value.ts';
import type { Layer } from '../../failures/layer.ts';

/** Enough of a body to recognise it. What is shown is cut further. */
const EXCERPT_LENGTH = 500;

/** Codes that are found in a message, or stand for a kind of body: the provider did not write them as codes. */
const OURS = /^(html|text|empty|[~(].*|Per(Day|Minute)|cf-mitigated|x-amzn-waf-action)$/;

/**
 * Whether a JSON body says that it is an error, with any status: a top-level `error`, one in the first choice or in the
 * response that an event is about, a list of errors, an object that calls itself an error or has Baidu's `error_code`, or a MiniMax `base_resp` other than 0.
 */
export function isErrorBody(json: unknown): boolean {
  const body = objectOf(json) ?? objectOf(at(json, 0));
  if (body === null) return false;
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

/** The codes that an operator may search for, two at most, and not the status again. */
export function shownCodes(layer: Layer | null, statusCode: number): string[] {
  const codes = (layer?.codes ?? []).filter((code) => !OURS.test(code) && code !== String(statusCode));
  return [...new Set(codes)].slice(0, 2);
}

/** Who says it, where it is not the endpoint itself, and what: the deciding words, else the innermost. */
export function shownWords(deciding: Layer | null, layers: readonly Layer[], body: string): string {
  const layer = deciding?.message ? deciding : (layers.find(({ message }) => message !== null) ?? null);
  if (layer?.message == null || layer.codes.includes('html')) return excerptOf(body);
  return layer.upstream === null ? layer.message : `${layer.upstream}: ${layer.message}`;
}

/** What the body looks like, for a person to recognise it by. */
export function excerptOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'an empty body';
  if (/^<(!doctype html|html|head|body)/i.test(trimmed)) {
    const title = /<title[^>]{0,100}>([^<]{0,200})/i.exec(trimmed.slice(0, 4096))?.[1]?.trim();
    return title ? `an HTML page "${title}"` : 'an HTML page';
  }
  return trimmed.slice(0, EXCERPT_LENGTH);
}
