import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../lib/config/error.ts';
import { parseJson } from '../../lib/config/json.ts';
import { loadConfig } from '../../lib/config/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'providers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'providers.json');
const load = (path: string) => loadConfig(path, { addressPolicy: 'public' });

function loadText(text: string) {
  writeFileSync(file, text);
  return load(file);
}

describe('a configuration file', () => {
  test('is read', () => {
    const config = loadText('\ufeff{ "providers": [{ "type": "openai", "apiKey": "env:K" }] }\n');
    expect(config.providers.map(({ id }) => id)).toEqual(['openai']);
  });

  test('that does not exist is named in the error', () => {
    const path = join(folder, 'none.json');
    expect(() => load(path)).toThrow(
      new ConfigError([
        {
          path: '',
          message: `${path}: there is no such file. Copy providers.example.json to it, or correct the path.`,
        },
      ]),
    );
  });

  test('that is a folder is named in the error', () => {
    expect(() => load(folder)).toThrow(`${folder}: expected a file, got a folder. Name the providers.json in it.`);
  });

  test('that is no JSON is refused by line and column, without its text', () => {
    const text = '{\n  "providers": [\n    { "type": "openai", "apiKey": "sk-proj-4fQ9ZkT7wXy2Lm8R" oops }\n  ]\n}\n';
    expect(() => loadText(text)).toThrow(`${file}, line 3, column 62: expected a comma or "}", got "o".`);
  });
});

const WHOLE_STRING = 'a text with its closing quote on the same line and no unknown "\\"';

describe('a text that is no JSON', () => {
  test.each([
    ['', 1, 1, 'expected a value, got the end of the file'],
    ['  \n ', 2, 2, 'expected a value, got the end of the file'],
    ['{"a":1,}', 1, 8, 'expected a name after the comma (the last one has none), got "}"'],
    ['[1,\n]', 2, 1, 'expected a value after the comma (the last one has none), got "]"'],
    ['{a:1}', 1, 2, 'expected a name in double quotes, got "a"'],
    ["{'a':1}", 1, 2, `expected a name in double quotes, got "'"`],
    ['{"a" 1}', 1, 6, 'expected a colon, got "1"'],
    ['{"a":}', 1, 6, 'expected a value, got "}"'],
    ['{"a":True}', 1, 6, 'expected a value, got "T"'],
    ['{"a":tru}', 1, 6, 'expected a value, got "t"'],
    ['{"a":01}', 1, 6, 'expected a value, got "0"'],
    ['[1 2]', 1, 4, 'expected a comma or "]", got "2"'],
    ['[1,2', 1, 5, 'expected a comma or "]", got the end of the file'],
    ['{"a":"b\n"}', 1, 6, `expected ${WHOLE_STRING}, got "\\""`],
    ['{"a":"\\x"}', 1, 6, `expected ${WHOLE_STRING}, got "\\""`],
    ['{"a', 1, 2, `expected ${WHOLE_STRING}, got "\\""`],
    ['{} x', 1, 4, 'expected nothing more, got "x"'],
    ['{}\n{}', 2, 1, 'expected nothing more, got "{"'],
    ['// a comment\n{}', 1, 1, 'expected a value, got "/"'],
    ['[{"a":[1,{"b":2}],"c":"é😀"} 😀]', 1, 30, 'expected a comma or "]", got "😀"'],
  ])('%j breaks at line %i, column %i', (text, line, column, message) => {
    expect(parseJson(text)).toEqual({ ok: false, fault: { line, column, message } });
  });

  test('is refused however deep it goes', () => {
    expect(parseJson('['.repeat(1_000_000))).toEqual({
      ok: false,
      fault: { line: 1, column: 101, message: 'expected at most 100 levels of brackets, got "["' },
    });
    expect(parseJson(`${'{"a":'.repeat(101)}0${'}'.repeat(101)}`)).toMatchObject({
      fault: { message: 'expected at most 100 levels of brackets, got "{"' },
    });
    expect(parseJson('['.repeat(100) + ']'.repeat(100))).toMatchObject({ ok: true });
  });
});
