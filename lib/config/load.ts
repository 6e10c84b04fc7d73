/** Reads providers.json from a file. parse.ts checks the content. */

import { readFileSync } from 'node:fs';
import { ConfigError } from './error.ts';
import { parseJson } from './json.ts';
import { type ParseOptions, parseConfig } from './parse.ts';
import type { MonitorConfig } from './schema.ts';

/** @throws {ConfigError} When the file cannot be read, is not JSON, or is not a valid configuration. */
export function loadConfig(file: string, options: ParseOptions): MonitorConfig {
  return parseConfig(readJson(file), options);
}

/** The content of a JSON file. @throws {ConfigError} When the file cannot be read, or is not JSON. */
export function readJson(file: string): unknown {
  const result = parseJson(readText(file));
  if (result.ok) return result.value;
  const { line, column, message } = result.fault;
  throw new ConfigError([{ path: '', message: `${file}, line ${line}, column ${column}: ${message}.` }]);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason = READ_ERRORS[String(code)] ?? `it cannot be read (${String(code)}).`;
    throw new ConfigError([{ path: '', message: `${file}: ${reason}` }]);
  }
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file. Copy providers.example.json to it, or correct the path.',
  EISDIR: 'expected a file, got a folder. Name the providers.json in it.',
  EACCES: 'it may not be read. Change its permissions.',
};
