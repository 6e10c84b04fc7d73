/**
 * Reads JSON, and reports where it is wrong. The engine's own message names no place for most mistakes, and quotes the text,
 * which may contain a key.
 */

import { MAX_JSON_DEPTH, readJsonText } from '../base/json.ts';

/** The place of the first mistake in a text (line and column count from 1), and what was expected there. */
interface JsonFault {
  line: number;
  column: number;
  message: string;
}

export type JsonResult = { ok: true; value: unknown } | { ok: false; fault: JsonFault };

export function parseJson(source: string): JsonResult {
  const text = source.replace(/^\ufeff/, '');
  const read = readJsonText(text);
  if (read.ok) return read;
  const { offset, expected } = firstFault(text);
  const before = text.slice(0, offset).split('\n');
  const [next] = text.slice(offset, offset + 2);
  const got = next === undefined ? 'the end of the file' : JSON.stringify(next);
  return {
    ok: false,
    fault: {
      line: before.length,
      column: (before.at(-1) ?? '').length + 1,
      message: `expected ${expected}, got ${got}`,
    },
  };
}

const SPACE = /[\t\n\r ]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these within a string.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

const WHOLE_STRING = 'a text with its closing quote on the same line and no unknown "\\"';

interface Fault {
  offset: number;
  expected: string;
}

/** Finds the first mistake in a text that is not JSON, or is nested too deep. */
function firstFault(text: string): Fault {
  let offset = 0;

  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    const found = pattern.exec(text);
    if (found) offset = pattern.lastIndex;
    return found !== null;
  };
  const takeChar = (char: string): boolean => {
    take(SPACE);
    const isThere = text[offset] === char;
    if (isThere) offset += 1;
    return isThere;
  };
  const expecting = (expected: string): Fault => ({ offset, expected });

  /** Reads `entry, entry` up to the closing bracket. */
  const entries = (close: '}' | ']', what: string, entry: () => Fault | null): Fault | null => {
    if (takeChar(close)) return null;
    for (;;) {
      const fault = entry();
      if (fault) return fault;
      if (takeChar(close)) return null;
      if (!takeChar(',')) return expecting(`a comma or "${close}"`);
      take(SPACE);
      if (text[offset] === close) return expecting(`${what} after the comma (the last one has none)`);
    }
  };
  const property = (depth: number): Fault | null => {
    take(SPACE);
    if (!take(STRING)) return expecting(text[offset] === '"' ? WHOLE_STRING : 'a name in double quotes');
    if (!takeChar(':')) return expecting('a colon');
    return value(depth);
  };
  const value = (depth: number): Fault | null => {
    take(SPACE);
    const opens = text[offset] === '{' || text[offset] === '[';
    if (opens && depth >= MAX_JSON_DEPTH) return expecting(`at most ${MAX_JSON_DEPTH} levels of brackets`);
    if (takeChar('{')) return entries('}', 'a name', () => property(depth + 1));
    if (takeChar('[')) return entries(']', 'a value', () => value(depth + 1));
    if (take(STRING) || take(SCALAR)) return null;
    return expecting(text[offset] === '"' ? WHOLE_STRING : 'a value');
  };

  const fault = value(0);
  if (fault) return fault;
  take(SPACE);
  return expecting('nothing more');
}
