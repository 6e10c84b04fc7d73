/**
 * Finds the errors in an answer. Gateways put the answers of others into their own: as objects and arrays with many names, as JSON
 * in a text, or as a text after a name, also several times. The input may be hostile, so depth, objects and characters are limited,
 * and no function recurses.
 */

import { first } from '../base/first.ts';
import { parseJson } from '../base/json.ts';
import { arrayOf, at, type JsonObject, objectOf, textOf } from '../base/json-value.ts';
import type { Layer } from './layer.ts';
import { writerNamed } from './writers.ts';

/** Most answers are nested once or twice, so these limits are generous. */
const DEEPEST = 12;
const MOST_VALUES = 64;
const MOST_LAYERS = 16;
const MOST_OF_A_LIST = 8;
/** Characters of one text that are searched for JSON. All texts together have twice this limit. */
const LONGEST_TEXT = 65_536;
const LONGEST_MESSAGE = 4096;
const LONGEST_CODE = 120;

/** Fields that can contain a nested error. */
const INNER = names(
  'error errors choices message detail details innererror cause base_resp metadata raw body response upstream_error upstream_details attempts data fault',
);
const CODES = names(
  '__type code error_code errorCode type status reason error_type limit_source name http_code statusCode',
);
const MESSAGES = names('message Message msg detail error_msg error_message errorMessage status_msg faultstring title');

interface Found {
  value: unknown;
  depth: number;
  upstream: string | null;
  /** The field that contains the value. */
  field: string;
}

/**
 * @param roots Texts or values. The first is the answer itself.
 * @returns The layers, the innermost first.
 */
export function unwrap(...roots: readonly unknown[]): Layer[] {
  const layers: Layer[] = [];
  const queue: Found[] = roots.map((value) => ({ value, depth: 0, upstream: null, field: '' }));
  let characters = 2 * LONGEST_TEXT;

  for (let next = 0; next < queue.length && next < MOST_VALUES && layers.length < MOST_LAYERS; next++) {
    const found = queue[next] as Found;
    const { value, depth } = found;
    if (depth > DEEPEST) continue;
    const object = objectOf(value);
    if (object !== null) {
      queue.push(...innerOf(object, found));
      const layer = layerOf(object, found);
      if (layer !== null) layers.push(layer);
      continue;
    }
    queue.push(...listOf(value).map((one) => ({ ...found, value: one })));
    const text = textOf(value)?.slice(0, Math.min(LONGEST_TEXT, characters));
    if (!text) continue;
    characters -= text.length;
    readText(text, found, queue, layers);
  }
  return layers.sort((one, other) => other.depth - one.depth);
}

function layerOf(object: JsonObject, { depth, upstream, field }: Found): Layer | null {
  const message = first(MESSAGES, (name) => textOf(at(object, name)));
  const codes = codesOf(object, field);
  if (message === null && codes.length === 0) return null;
  return layer({ depth, upstream, codes: [...codes, ...codesIn(message)], message });
}

function layer({ depth, upstream, codes, message }: Omit<Layer, 'writer'>): Layer {
  const writer = upstream === null ? null : writerNamed(upstream);
  return { depth, writer, upstream, codes, message: message?.slice(0, LONGEST_MESSAGE) ?? null };
}

function codesOf(object: JsonObject, field: string): string[] {
  const vendor = at(object, 'status_code');
  const codes = CODES.map((name) => codeText(at(object, name))).filter((code) => code !== null);
  return [
    ...quotaPeriod(at(object, 'details')),
    ...(field === 'errors' ? codes.map((code) => code.replace(/^(?=\d+$)/, 'e')) : codes),
    // MiniMax's `base_resp`.
    ...(typeof vendor === 'number' && vendor !== 0 ? [`(${vendor})`] : []),
  ];
}

function codeText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  const text = textOf(value);
  // Words without information: "error", and "None" or "null" for no code.
  return text === null || text.length > LONGEST_CODE || /^(error|none|null)$/i.test(text) ? null : awsName(text);
}

/** The period of Google's violated quotas. A daily quota is another failure than the others, which end within minutes. */
function quotaPeriod(details: unknown): string[] {
  const violations = listOf(details).flatMap((detail) => listOf(at(detail, 'violations')));
  const ids = violations.map((violation) => textOf(at(violation, 'quotaId'))).join();
  return ['PerDay', 'PerMinute'].filter((period) => ids.includes(period)).slice(0, 1);
}

function listOf(value: unknown): readonly unknown[] {
  return arrayOf(value)?.slice(0, MOST_OF_A_LIST) ?? [];
}

/** A status in words, from the gateway's provider: `Error code: 429`, `returned 400`, or at the start `503: …`, `429 Too Many …`. */
const TALKED_ABOUT = /\b(?:error code|status code|status|returned|HTTP(?:\/1\.1)?)[ :=]{1,3}([45]\d\d)\b/i;
const BEGINS_WITH =
  /^\W?([45]\d\d)(?:[\]:]| (?:Unauthori|Payment R|Forbidden|Not F|Too M|Internal S|Bad [GR]|Service U|Gateway T))/;

/**
 * The codes in a message: the numbers in `[1310][…]` at its start and `… (2056)` at its end, the whole message if it has the form of
 * a code, and a status, marked by `~` because the message only mentions it.
 */
function codesIn(message: string | null): string[] {
  if (message === null) return [];
  const start = message.slice(0, 400);
  const first = /^\[(\d{3,6})\]/.exec(start)?.[1];
  const last = /\((\d{4})\)[\s.]*$/.exec(message.slice(-16))?.[1];
  const status = (BEGINS_WITH.exec(start) ?? TALKED_ABOUT.exec(start))?.[1];
  const isCode = /^\w{1,40}_\w{1,40}$/.test(message);
  return [first, last && `(${last})`, isCode ? message : undefined, status && `~${status}`].filter(
    (code) => code !== undefined,
  );
}

function innerOf(object: JsonObject, { depth, upstream }: Found): Found[] {
  const by = (textOf(at(object, 'provider_name')) ?? textOf(at(object, 'provider')))?.slice(0, 60) ?? upstream;
  return INNER.map((field) => {
    const value = at(object, field);
    // A message can contain another answer. If not, it belongs to its object.
    const isMessage = typeof value === 'string' && MESSAGES.includes(field);
    return isMessage ? { value, field: 'message', depth, upstream } : { value, field, depth: depth + 1, upstream: by };
  }).filter(({ value }) => value);
}

/**
 * Behind `litellm.APIError: APIError: Fireworks_aiException - `, Portkey's `anthropic error: `, and `Error from provider
 * (MiniMax): ` or `Upstream error from Nvidia: `.
 */
const BEHIND_NAME =
  /^(?:.{0,200}?\b(\w{2,40}?)_?Exception\b(?: \w{3,30}Error)?\s*[-:]\s*|([\w .-]{2,30}?) error:\s*|(?:Upstream e|E)rror from (?:provider ?)?\(?([^():]{2,40})[^()]{0,40}?\)?:\s*)/s;

/** Before `error:` any words may stand, such as "All tries": a name there is one that is known, or written as ids are. */
function behindName(text: string): RegExpExecArray | null {
  const behind = BEHIND_NAME.exec(text);
  const name = behind?.[2];
  return name === undefined || /^[a-z][a-z\d-]*$/.test(name) || writerNamed(name) !== null ? behind : null;
}

function readText(text: string, found: Found, queue: Found[], layers: Layer[]): void {
  const { depth, field } = found;
  const trimmed = text.trim();
  const data = /^(?:(?:event|id|retry)?:[^\n]{0,200}\n\s*)*data:\s*/.exec(trimmed);
  if (data !== null) return void queue.push({ ...found, value: trimmed.slice(data[0].length) });
  if (/^[[{]/.test(trimmed)) {
    const start = trimmed.split(/\r?\n\r?\n/, 1).join();
    const whole = parseJson(start) ?? (start === trimmed ? undefined : parseJson(trimmed));
    if (typeof whole === 'object')
      return void queue.push({ ...found, value: whole, depth: field === '' ? depth : depth + 1 });
  }
  if (/^<(!doctype html|html|head|body|\?xml|center|h1)/i.test(trimmed)) {
    return void layers.push(
      layer({
        ...found,
        codes: ['html'],
        message: trimmed
          .slice(0, LONGEST_MESSAGE)
          .replace(/<[^<>]*>/g, ' ')
          .trim(),
      }),
    );
  }
  const behind = behindName(trimmed);
  const rest = behind === null ? trimmed : trimmed.slice(behind[0].length);
  const upstream = behind?.[1] ?? behind?.[2] ?? behind?.[3] ?? found.upstream;
  const from = rest.search(/[[{]\s*['"\\[{]/);
  if (from >= 0) {
    const to = Math.max(rest.lastIndexOf('}'), rest.lastIndexOf(']'));
    const inner = rest.slice(from, to + 1);
    const json = jsonIn(inner);
    if (typeof json === 'object') queue.push({ value: json, depth: depth + 2, upstream, field: 'inner' });
    // A text that is only broken or too deep JSON contains no message.
    else if (from > 0 || behind !== null) {
      const pairs = pairsIn(rest.slice(from));
      if (pairs.codes.length > 0) layers.push(layer({ depth: depth + 2, upstream, ...pairs }));
    }
  }
  // A message without a name before it is already in the layer of its object.
  if (field === 'message' && behind === null) return;
  const codes = [...(field === '' && depth === 0 ? ['text'] : []), ...codesIn(rest)];
  layers.push(layer({ depth: behind === null ? depth : depth + 1, upstream, codes, message: rest }));
}

/** A refused parse costs more than all else here, so that none is tried of what Python prints. */
function jsonIn(text: string): unknown {
  if (/^.\s*'/.test(text)) return undefined;
  return (/^.\s*\\/.test(text) ? undefined : parseJson(text)) ?? parseJson(unescaped(text));
}

/** Removes one level of escapes, as in bytes that Python prints, and in JSON that was quoted again. */
function unescaped(text: string): string {
  return text.replaceAll('\\n', ' ').replace(/\\(["'])/g, '$1');
}

/** Fields in a text that is not JSON, such as an error that Python prints, or JSON that was cut. */
const PAIR =
  /\\?["'](code|type|status|reason|message|error_code|__type)\\?["']\s{0,4}:\s{0,4}(?:\\?"([^"\\]{1,400})|\\?'([^'\\]{1,400})|(\d{3,6}))/g;

function pairsIn(text: string): { codes: string[]; message: string | null } {
  const codes: string[] = [];
  let message: string | null = null;
  for (const [, name, double, single, number] of text.slice(0, 8192).matchAll(PAIR)) {
    const value = double ?? single ?? number ?? '';
    if (name === 'message') message ??= value;
    else {
      const code = codeText(value);
      if (code !== null) codes.push(code);
    }
    if (codes.length >= 8) break;
  }
  return { codes, message };
}

/** `com.amazon.coral#ThrottlingException:http://…` is ThrottlingException. */
export function awsName(type: string): string {
  return type.replace(/^.*#|:http.*$/g, '');
}

function names(list: string): readonly string[] {
  return list.split(' ');
}
