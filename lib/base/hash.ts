/** A hash of a text, equal on every machine and in every release. It spreads work evenly without random numbers. */

/** FNV-1a, 32 bits, of an ASCII text. If two texts differ only in their last character, the hashes differ only in low bits. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
