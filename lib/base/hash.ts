/** A hash of a text: the same everywhere and always, for what is spread by chance without being drawn. */

/** FNV-1a, 32 bits, of an ASCII text. Texts that differ at the end only differ in the low bits only. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
