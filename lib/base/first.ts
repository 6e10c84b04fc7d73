/** What `look` finds in the first entry where it finds anything; null: in none. */
export function first<T, R>(list: readonly T[], look: (one: T) => R | null): R | null {
  for (const one of list) {
    const found = look(one);
    if (found !== null) return found;
  }
  return null;
}
