/**
 * Reads JSON that comes from outside, with a limit on its depth. A few kilobytes of brackets nest deeper than the stack
 * of the code that walks through the value afterwards, so the depth is counted before anything recurses.
 */

/** Brackets within brackets. Deeper than any configuration, request or answer that is meant. */
export const MAX_JSON_DEPTH = 100;

export type JsonText = { ok: true; value: unknown } | { ok: false; reason: 'not_json' | 'too_deep' };

/** The value of a JSON text, or why there is none. The engine's own message is left out: it quotes the text. */
export function readJsonText(text: string): JsonText {
  if (isTooDeepText(text)) return { ok: false, reason: 'too_deep' };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: 'not_json' };
  }
}

/** Undefined when the text is not JSON, or nests too deep. */
export function parseJson(text: string): unknown {
  const read = readJsonText(text);
  return read.ok ? read.value : undefined;
}

/** Whether a value that a program passed nests too deep, as one that contains itself does. */
export function isTooDeepValue(value: unknown): boolean {
  // Iterators of the containers that are open: one for each level, so this stack is as short as the limit.
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
/** Of "[" and "{", and of "]" and "}", this bit is the only difference. */
const CURLY = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** One pass over the text, whether it is JSON or not; brackets within strings do not count. */
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

/** Index of the quote that ends the string which begins at `start`; of the text's end where none does. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
