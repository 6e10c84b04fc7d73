/** Remembers the newest texts of each of many groups, such as the last checks of each provider. */

export interface NewestTexts {
  add(group: string, text: string): void;
  has(group: string, text: string): boolean;
  /** Forgets the other groups. */
  keepOnly(isKept: (group: string) => boolean): void;
}

/** @param most Texts of each group. */
export function createNewestTexts(most: number): NewestTexts {
  /** The newest last. Lists, not sets: a set of a few texts takes a kilobyte. */
  const texts = new Map<string, string[]>();
  return {
    add(group, text) {
      const known = texts.get(group) ?? [];
      if (known.includes(text)) return;
      // A slice has no room to spare, which would be as much again.
      texts.set(group, [...known, text].slice(-most));
    },
    has: (group, text) => texts.get(group)?.includes(text) ?? false,
    keepOnly(isKept) {
      for (const group of texts.keys()) if (!isKept(group)) texts.delete(group);
    },
  };
}
