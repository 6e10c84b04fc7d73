/** The first result of `look` that is not null, in the order of the list; null when there is none. */
export function first<T, R>(list: readonly T[], look: (one: T) => R | null): R | null {
  for (const one of list) {
    const found = look(one);
    if (found !== null) return found;
  }
  return null;
}
