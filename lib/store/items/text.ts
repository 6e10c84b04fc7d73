/** Cuts texts, so that a long answer of a provider cannot make an item too large. */

import { MAX_MESSAGE_LENGTH } from '../../health/check.ts';

/**
 * Bytes of UTF-8. The message of the failure has all its 300 code points; the lesser texts and the request's id have a
 * byte for each character, so they are only ever cut where they are long and not English. With the longest names and all
 * lists full, a status stays under 4 KB.
 */
const MESSAGE_BYTES = 4 * MAX_MESSAGE_LENGTH;
const LESSER_TEXT_BYTES = MAX_MESSAGE_LENGTH;
const PAUSE_REASON_LENGTH = 80;
const PAUSE_REASON_BYTES = 80;
const REQUEST_ID_LENGTH = 128;

/** An error text at its full length. */
export function message(text: string): string {
  return cut(text, MAX_MESSAGE_LENGTH, MESSAGE_BYTES);
}

/** A text that an item can have in addition to its error text. */
export function lesserText(text: string): string {
  return cut(text, MAX_MESSAGE_LENGTH, LESSER_TEXT_BYTES);
}

/** Why a provider was paused. */
export function pauseReason(text: string): string {
  return cut(text, PAUSE_REASON_LENGTH, PAUSE_REASON_BYTES);
}

/** The provider's own id of a request. */
export function requestIdText(text: string): string {
  return cut(text, REQUEST_ID_LENGTH, REQUEST_ID_LENGTH);
}

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
