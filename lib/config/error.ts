/** Errors of a configuration: all mistakes, each with its place, what was expected, and what to write. */

export interface ConfigIssue {
  /** Place of the mistake, such as `providers[1].apiKey`; empty for the whole configuration. */
  path: string;
  /** What was expected, what was got and what to write. It never quotes a text that may be a key. */
  message: string;
}

/** Recognise it by the field `issues`. They have the order of the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    super(issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'));
    this.issues = issues;
  }
}

export type Path = readonly PropertyKey[];

/** Writes `['providers', 1, 'apiKey']` as `providers[1].apiKey`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][\w$-]{0,63}$/.test(name)) return `${text}[${JSON.stringify(name.slice(0, 64))}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}
