/** Reads values from JSON of unknown shape. Every function accepts any value and never throws. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function arrayOf(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}

/** The value, if it is a text that is not empty; null otherwise. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The value at a path of fields and indexes; undefined where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    const holder: JsonObject | null =
      typeof step === 'number' ? (arrayOf(current) as JsonObject | null) : objectOf(current);
    if (holder === null || !Object.hasOwn(holder, step)) return undefined;
    current = holder[step];
  }
  return current;
}

/** The value of a JSON text; undefined when the text is not JSON. The depth is not limited, so do not recurse through it. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
