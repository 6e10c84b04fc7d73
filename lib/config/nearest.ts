/** Finds the known name that the author of a wrong name probably meant. */

/** Common names for types and fields that have another name here. */
const ALIASES: Readonly<Record<string, string>> = {
  anthropic: 'claude',
  google: 'gemini',
  zai: 'glm',
  zhipu: 'glm',
  moonshot: 'kimi',
  grok: 'xai',
  dashscope: 'qwen',
  custom: 'openai-compatible',
  key: 'apiKey',
  token: 'apiKey',
  url: 'baseUrl',
  endpoint: 'baseUrl',
  name: 'id',
  provider: 'type',
  disabled: 'enabled',
};

/** Longer names are not compared, because the work grows with the square of the length. */
const LONGEST = 40;

/** The entry of `names` that is nearest to `name`; null when none is near. */
export function nearest(name: string, names: readonly string[]): string | null {
  if (name.length > LONGEST) return null;
  const plain = plainOf(name);
  const alias = ALIASES[plain];
  if (alias !== undefined && names.includes(alias)) return alias;
  const same = names.find((other) => plainOf(other) === plain);
  if (same !== undefined) return same;
  // "timeout" for "timeoutSeconds".
  const longer = names.find((other) => plain.length >= 4 && plainOf(other).startsWith(plain));
  if (longer !== undefined) return longer;
  const [best] = names
    .map((other) => ({ other, edits: editsBetween(plain, plainOf(other)) }))
    .sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.min(2, Math.floor(plain.length / 2)) ? best.other : null;
}

/** The name in a plain form: `api_key`, `API-Key` and `apiKey` are equal. */
function plainOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The Levenshtein distance: the number of letters to add, remove or change. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (b[j - 1] === letter ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
