/** Remembers the newest texts of each of many groups, such as the last checks of each provider. */

export interface NewestTexts {
  add(group: string, text: string): void;
  has(group: string, text: string): boolean;
  /** Forgets the other groups. */
  keepOnly(isKept: (group: string) => boolean): void;
}

const NONE: readonly string[] = [];

/** @param most Texts of each group. */
export function createNewestTexts(most: number): NewestTexts {
  /** The newest last. Lists, not sets: a set of a few texts takes a kilobyte. */
  const texts = new Map<string, readonly string[]>();
  /** The last addition: the groups of a tick have the same texts, and so they share one list. */
  let last = { to: NONE, text: '', list: NONE };
  return {
    add(group, text) {
      const known = texts.get(group) ?? NONE;
      if (known.includes(text)) return;
      if (known !== last.to || text !== last.text) {
        // A slice has no room to spare, which would be as much again.
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
