/** Cutting texts, so that an item has a greatest size whatever a provider says. */

/** The longest start of `text` within `codePoints` and `bytes` of UTF-8, never half a character. */
export function cut(text: string, codePoints: number, bytes: number): string {
  if (text.length <= codePoints && text.length * MOST_BYTES_A_UNIT <= bytes) return text;
  let length = 0;
  let counted = 0;
  let size = 0;
  for (const character of text) {
    counted += 1;
    size += Buffer.byteLength(character);
    if (counted > codePoints || size > bytes) return text.slice(0, length);
    length += character.length;
  }
  return text;
}

/** A UTF-16 code unit takes at most 3 bytes of UTF-8: characters of 4 bytes are two units. */
const MOST_BYTES_A_UNIT = 3;
