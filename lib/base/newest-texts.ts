/** Remembers the newest texts of each of many groups, such as the last checks of each provider. */

export interface NewestTexts {
  add(group: string, text: string): void;
  has(group: string, text: string): boolean;
  /** Removes every group for which `isKept` returns false. */
  keepOnly(isKept: (group: string) => boolean): void;
}

const NONE: readonly string[] = [];

/** @param most How many texts each group keeps. */
export function createNewestTexts(most: number): NewestTexts {
  /** The newest text is last. Lists instead of sets, because a set of a few texts takes a kilobyte. */
  const texts = new Map<string, readonly string[]>();
  /** The last addition. The groups of a tick have the same texts, so they share one list. */
  let last = { to: NONE, text: '', list: NONE };
  return {
    add(group, text) {
      const known = texts.get(group) ?? NONE;
      if (known.includes(text)) return;
      if (known !== last.to || text !== last.text) {
        // A slice allocates no spare room; `push` would double the memory.
        last = { to: known, text, list: [...known, text].slice(-most) };
      }
      texts.set(group, last.list);
    },
    has: (group, text) => texts.get(group)?.includes(text) ?? false,
    keepOnly(isKept) {
      for (const group of texts.keys()) if (!isKept(group)) texts.delete(group);
    },
  };
}
