/** Cuts texts, so that a long answer of a provider cannot make an item too large. */

import { MAX_MESSAGE_LENGTH } from '../../health/check.ts';

/**
 * Limits in bytes of UTF-8. The error message of the failure keeps all its 300 code points. Lesser texts and the request's id get
 * one byte for each character, so only long texts outside of ASCII are cut. With these limits a status is always below 4 KB.
 */
const MESSAGE_BYTES = 4 * MAX_MESSAGE_LENGTH;
const LESSER_TEXT_BYTES = MAX_MESSAGE_LENGTH;
const PAUSE_REASON_LENGTH = 80;
const PAUSE_REASON_BYTES = 80;
const REQUEST_ID_LENGTH = 128;

/** An error message with its full length. */
export function message(text: string): string {
  return cut(text, MAX_MESSAGE_LENGTH, MESSAGE_BYTES);
}

/** A text that an item can have beside its error message. */
export function lesserText(text: string): string {
  return cut(text, MAX_MESSAGE_LENGTH, LESSER_TEXT_BYTES);
}

/** The reason for a drain or a planned pause. */
export function pauseReason(text: string): string {
  return cut(text, PAUSE_REASON_LENGTH, PAUSE_REASON_BYTES);
}

/** The id that the provider gave to a request. */
export function requestIdText(text: string): string {
  return cut(text, REQUEST_ID_LENGTH, REQUEST_ID_LENGTH);
}

/** Cuts a text to at most `codePoints` and `bytes` of UTF-8, never within a character. */
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

/** A UTF-16 code unit needs at most 3 bytes of UTF-8. Characters of 4 bytes have two code units. */
const MOST_BYTES_A_UNIT = 3;
