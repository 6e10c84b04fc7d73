/**
 * Reads JSON from outside, with a limit on its depth. A few kilobytes of brackets are enough to overflow the stack of code
 * that recurses through the value, so the depth is counted first.
 */

/** The most levels of brackets. No genuine configuration, request or answer is as deep. */
export const MAX_JSON_DEPTH = 100;

export type JsonText = { ok: true; value: unknown } | { ok: false; reason: 'not_json' | 'too_deep' };

/** The value of a JSON text, or the reason why it cannot be read. The engine's message is left out, because it quotes the text. */
export function readJsonText(text: string): JsonText {
  if (isTooDeepText(text)) return { ok: false, reason: 'too_deep' };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: 'not_json' };
  }
}

/** The value of a JSON text; undefined when the text is not JSON, or is nested too deep. */
export function parseJson(text: string): unknown {
  const read = readJsonText(text);
  return read.ok ? read.value : undefined;
}

/** Whether a value that a program passed is nested too deep. A value that contains itself always is. */
export function isTooDeepValue(value: unknown): boolean {
  // One iterator for each level that is open, so this stack never grows beyond the limit.
  const open: Iterator<unknown>[] = [[value].values()];
  for (let values = open.at(-1); values; values = open.at(-1)) {
    const next = values.next();
    if (next.done) open.pop();
    else if (typeof next.value === 'object' && next.value !== null) {
      if (open.length > MAX_JSON_DEPTH) return true;
      open.push(Object.values(next.value).values());
    }
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The only bit in which "[" differs from "{", and "]" from "}". */
const CURLY = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** Counts the depth in one pass. Brackets within strings do not count. The text need not be valid JSON. */
function isTooDeepText(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if ((code | CURLY) === OPENING) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return true;
    } else if ((code | CURLY) === CLOSING) depth -= 1;
  }
  return false;
}

/** The index of the quote that ends the string at `start`; the text's length when no quote ends it. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
