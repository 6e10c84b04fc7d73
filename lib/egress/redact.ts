/**
 * Finds a secret in a text in whatever encoding it was echoed. The text is looked at as it is and decoded (percent,
 * JSON and HTML escapes, twice over), and in each view for pieces of the secret as it is, in base64 and in hex.
 */

import type { Secret } from '../keys/secret.ts';

/** This many characters of a secret in a row are too many to be shown. */
const PIECE_LENGTH = 12;
/** The encoded forms of a secret shorter than this are too short to be told from ordinary text. */
const SHORTEST_ENCODED = 6;
/** Two hex digits a character, and 8 characters are already no coincidence. */
const HEX_PIECE_LENGTH = 16;

/** A text and, for each of its characters, the part of the original it came from. */
interface View {
  text: string;
  starts: readonly number[];
  ends: readonly number[];
}

/** Pieces of secrets by their length. */
type Pieces = Map<number, Set<string>>;

/** The text with `mask` in place of every piece of a secret. */
export function redactSecrets(text: string, secrets: readonly Secret[], mask: string): string {
  const pieces: Pieces = new Map();
  for (const secret of secrets) addPieces(pieces, secret.reveal());
  if (pieces.size === 0) return text;

  const hidden = new Uint8Array(text.length);
  let view = plainView(text);
  for (let pass = 0; pass < 3; pass++) {
    hide(view, pieces, hidden);
    hide(withoutSpace(view), pieces, hidden);
    const decoded = decode(view);
    if (decoded.text === view.text) break;
    view = decoded;
  }
  return masked(text, hidden, mask);
}

function addPieces(pieces: Pieces, secret: string): void {
  if (secret.trim() === '') return;
  const bytes = Buffer.from(secret, 'utf8');
  addForm(pieces, secret, PIECE_LENGTH);
  if (bytes.length < SHORTEST_ENCODED) return;
  addForm(pieces, bytes.toString('hex'), HEX_PIECE_LENGTH);
  // Base64 of a text that contains the secret differs with where in a group of three bytes it starts. The characters
  // at both ends that mix its bits with its neighbours' are left out.
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = before === 0 ? 0 : before + 1;
    const mixed = (before + bytes.length) % 3 === 0 ? 0 : 1;
    addForm(pieces, encoded.slice(from, encoded.length - mixed), PIECE_LENGTH);
  }
}

/** All pieces of one form of a secret; a form shorter than a piece is one piece. */
function addForm(pieces: Pieces, form: string, pieceLength: number): void {
  const folded = fold(form);
  const length = Math.min(pieceLength, folded.length);
  if (length === 0) return;
  const set = pieces.get(length) ?? new Set();
  pieces.set(length, set);
  for (let at = 0; at + length <= folded.length; at++) set.add(folded.slice(at, at + length));
}

/**
 * Case and the two alphabets of base64 are the same here: masking too much is no harm. Keeps the length, which
 * toLowerCase does not for every script.
 */
function fold(text: string): string {
  return text
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replaceAll('-', '+')
    .replaceAll('_', '/');
}

function hide(view: View, pieces: Pieces, hidden: Uint8Array): void {
  const folded = fold(view.text);
  for (const [length, set] of pieces) {
    for (let at = 0; at + length <= folded.length; at++) {
      if (set.has(folded.slice(at, at + length))) {
        hidden.fill(1, view.starts[at], view.ends[at + length - 1]);
      }
    }
  }
}

function plainView(text: string): View {
  const starts = Array.from({ length: text.length }, (_, at) => at);
  return { text, starts, ends: starts.map((at) => at + 1) };
}

/** `%41`, `\u0041`, `\x41`, `&#65;`, `&#x41;`, and a backslash before any other character. */
const ESCAPE = /%([0-9a-f]{2})|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,6});|&#([0-9]{1,7});|\\([^ux])/gi;

function decode(view: View): View {
  return rewrite(view, ESCAPE, (match) => {
    const [, percent, unicode, byte, hexEntity, decimalEntity, escaped] = match;
    if (escaped !== undefined) return escaped;
    const hex = percent ?? unicode ?? byte ?? hexEntity;
    const code = hex === undefined ? Number(decimalEntity) : Number.parseInt(hex, 16);
    return code <= 0xffff ? String.fromCharCode(code) : ' ';
  });
}

/** Line breaks of wrapped base64, and invisible characters in the middle of a key. */
function withoutSpace(view: View): View {
  return rewrite(view, /[\s\p{Cc}\p{Cf}]+/gu, () => '');
}

/** Replaces each match by at most one character and keeps track of where every character came from. */
function rewrite(view: View, pattern: RegExp, replacement: (match: RegExpExecArray) => string): View {
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  const keep = (to: number) => {
    for (; at < to; at++) {
      text += view.text[at];
      starts.push(view.starts[at] ?? 0);
      ends.push(view.ends[at] ?? 0);
    }
  };
  for (const match of view.text.matchAll(pattern)) {
    keep(match.index);
    const next = replacement(match).slice(0, 1);
    at = match.index + match[0].length;
    if (next === '') continue;
    text += next;
    starts.push(view.starts[match.index] ?? 0);
    ends.push(view.ends[at - 1] ?? 0);
  }
  keep(view.text.length);
  return { text, starts, ends };
}

function masked(text: string, hidden: Uint8Array, mask: string): string {
  let shown = '';
  for (let at = 0; at < text.length; at++) {
    if (hidden[at] === 0) shown += text[at];
    else if (at === 0 || hidden[at - 1] === 0) shown += mask;
  }
  return shown;
}
