/**
 * Reads what an answer says of its failure, in every shape that providers have for it. What the words mean is
 * failure-tables.ts's.
 */

import { parseJson } from '../../base/json.ts';
import { arrayOf, at, type JsonObject, objectOf, textOf } from '../../base/json-value.ts';

export interface FailureBody {
  /** Codes, types and reasons, the most telling first; numbers as text. */
  codes: readonly string[];
  /** The provider's own words; else the beginning of the body. */
  message: string;
}

/** Enough of a body to recognise it. What is shown is cut further. */
const EXCERPT_LENGTH = 500;
/** Far longer than what is shown, so that nothing of a key is cut apart before it is redacted. */
const MESSAGE_LENGTH = 4096;

/**
 * Whether a JSON body says that it is an error, whatever its status: a top-level `error`, one in the first choice, an
 * object that calls itself an error, or a MiniMax `base_resp` other than 0.
 */
export function isErrorBody(json: unknown): boolean {
  const body = objectOf(json) ?? objectOf(at(json, 0));
  if (body === null) return false;
  const vendorStatus = at(body, 'base_resp', 'status_code');
  return (
    Boolean(at(body, 'error')) ||
    Boolean(at(body, 'choices', 0, 'error')) ||
    at(body, 'object') === 'error' ||
    at(body, 'type') === 'error' ||
    (vendorStatus !== undefined && vendorStatus !== null && String(vendorStatus) !== '0')
  );
}

/** @param errorType Of AWS: the header `x-amzn-errortype`. */
export function readFailureBody(text: string, errorType?: string): FailureBody {
  const json = parseJson(text);
  const body = objectOf(json) ?? objectOf(at(json, 0));
  const named = errorType === undefined ? [] : [awsName(errorType)];
  if (body === null) return { codes: named, message: textOf(json) ?? excerptOf(text) };
  const error = at(body, 'error') ?? at(body, 'choices', 0, 'error');
  return {
    codes: [...named, ...codesOf(objectOf(error)), ...codesOf(body)],
    message: (messageOf(error) ?? messageOf(body) ?? excerptOf(text)).slice(0, MESSAGE_LENGTH),
  };
}

function codesOf(error: JsonObject | null): string[] {
  if (error === null) return [];
  const type = at(error, '__type');
  return [
    ...detailCodes(at(error, 'details')),
    at(error, 'code'),
    at(error, 'type'),
    at(error, 'status'),
    at(error, 'base_resp', 'status_code'),
    typeof type === 'string' ? awsName(type) : undefined,
  ].flatMap((code) => (typeof code === 'number' || textOf(code) !== null ? [String(code)] : []));
}

/** Google's list of typed details, or Anthropic's object with an `error_code`. */
function detailCodes(details: unknown): unknown[] {
  const list = arrayOf(details);
  if (list === null) return [at(details, 'error_code')];
  return list.flatMap((detail) => [
    at(detail, 'reason'),
    ...(arrayOf(at(detail, 'violations')) ?? []).map((violation) => quotaPeriod(at(violation, 'quotaId'))),
  ]);
}

/** Only the quota of a day is another failure; the others end within minutes. */
function quotaPeriod(quotaId: unknown): string | undefined {
  return typeof quotaId === 'string' && quotaId.includes('PerDay') ? 'PerDay' : undefined;
}

/** `com.amazon.coral#ThrottlingException:http://…` is ThrottlingException. */
function awsName(type: string): string {
  return type.split(':', 1).join('').split('#').at(-1) ?? '';
}

function messageOf(error: unknown): string | null {
  if (typeof error === 'string') return textOf(error);
  return (
    textOf(at(error, 'message')) ??
    textOf(at(error, 'Message')) ??
    textOf(at(error, 'detail')) ??
    textOf(at(error, 'detail', 0, 'msg')) ??
    textOf(at(error, 'base_resp', 'status_msg')) ??
    textOf(at(error, 'msg')) ??
    textOf(at(error, 'title'))
  );
}

/** What the body looks like, for a person to recognise it by. */
export function excerptOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'an empty body';
  if (/^<(!doctype html|html|head|body)/i.test(trimmed)) {
    const title = /<title[^>]{0,100}>([^<]{0,200})/i.exec(trimmed)?.[1]?.trim();
    return title ? `an HTML page "${title}"` : 'an HTML page';
  }
  return trimmed.slice(0, EXCERPT_LENGTH);
}
