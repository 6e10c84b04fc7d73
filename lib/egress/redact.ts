/**
 * Masks secrets in a text, in all encodings in which software may echo them. It masks every 12 successive characters of a secret in
 * one of these encodings, whether the whole text or a part of it is encoded:
 *
 * | encoding | such as |
 * | --- | --- |
 * | none, also in other capitals, wrapped, or with invisible characters in between | `Zq8v` |
 * | percent-encoded, up to four times | `%5A`, `%255A`, `%25255A`, `%u005A` |
 * | escapes of JSON, JavaScript, Python, C, also of text within text | `\u005a`, `\u{5a}`, `\U0000005a`, `\x5a`, `\132`, `\\n` |
 * | HTML entities, by number or by name, also escaped twice | `&#90;`, `&#x5a;`, `&plus;`, `&amp;#x5a;` |
 * | base64 and base64url, of the secret or of a text around it, also wrapped | `WnE4dg==` |
 * | base64 and hex of its UTF-16, either byte order | `WgBxADgAdgA=` |
 * | hex, also with separators or `0x` | `5a713876`, `5a:71:38`, `<Buffer 5a 71 38>`, `0x5a, 0x71` |
 * | lists of decimal bytes | `{"type":"Buffer","data":[90,113,56]}`, `[90 113 56]` |
 *
 * Escapes may be mixed, in up to four layers, around any of the other encodings. It does not find forms that software does not make
 * by itself (compression, encryption, base32, base64 of base64, reversed or spelled out). A secret of fewer than 12 characters is
 * masked where it is complete; one of fewer than 6 characters only in clear or escaped.
 *
 * The work is at most the number of views (redact-views.ts) times the text's length for each secret.
 */

import type { Secret } from '../keys/secret.ts';
import { type View, viewsOf } from './redact-views.ts';

/** This many successive characters of a secret are masked. */
const PIECE_LENGTH = 12;
/** A shorter secret is not searched for in encoded form, because ordinary text could match. */
const SHORTEST_ENCODED = 6;
/** 16 hex digits are 8 characters of a secret, which is too many for a coincidence. */
const HEX_PIECE_LENGTH = 16;
/** Bytes of a character in UTF-16. */
const WIDE = 2;

/** All pieces of a secret's forms that have the same length. */
interface Pieces {
  length: number;
  texts: Set<string>;
  /** 1 at the hash of each piece's first characters. This saves nearly all look-ups in `texts`. */
  heads: Uint8Array;
}

const HEADS = 1 << 14;
const HEAD_LENGTH = 4;

/** The pieces of each secret, made once, because a resolver keeps its secrets for minutes. */
const known = new WeakMap<Secret, Pieces[]>();

/** The text, with `mask` instead of every piece of a secret. */
export function redactSecrets(text: string, secrets: readonly Secret[], mask: string): string {
  const pieces = secrets.flatMap(piecesOf);
  if (pieces.length === 0) return text;

  const hidden = new Uint8Array(text.length);
  for (const view of viewsOf(text)) hide(view, pieces, hidden);
  return masked(text, hidden, mask);
}

function piecesOf(secret: Secret): Pieces[] {
  const pieces = known.get(secret) ?? makePieces(secret.reveal());
  known.set(secret, pieces);
  return pieces;
}

function makePieces(secret: string): Pieces[] {
  const pieces = new Map<number, Pieces>();
  if (secret.trim() === '') return [];
  addForm(pieces, secret, PIECE_LENGTH);
  const bytes = Buffer.from(secret);
  if (bytes.length >= SHORTEST_ENCODED) {
    addEncoded(pieces, bytes, 1);
    // For ASCII the two byte orders differ only in a zero byte at one end, so leave that byte out.
    addEncoded(pieces, Buffer.from(secret, 'utf16le').subarray(0, -1), WIDE);
  }
  return [...pieces.values()];
}

/** @param width Number of bytes for each character. */
function addEncoded(pieces: Map<number, Pieces>, bytes: Buffer, width: number): void {
  addForm(pieces, bytes.toString('hex'), HEX_PIECE_LENGTH * width);
  // The base64 of a text around the secret depends on the secret's position within a group of three bytes. Characters at
  // both ends also contain bits of the neighbours, so they are left out.
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = before === 0 ? 0 : before + 1;
    const mixed = (before + bytes.length) % 3 === 0 ? 0 : 1;
    addForm(pieces, encoded.slice(from, encoded.length - mixed), PIECE_LENGTH * width);
  }
}

/** Adds all pieces of one form of a secret. A form that is shorter than a piece is one piece. */
function addForm(pieces: Map<number, Pieces>, form: string, pieceLength: number): void {
  const folded = fold(form);
  const length = Math.min(pieceLength, folded.length);
  const { texts, heads } = pieces.get(length) ?? { texts: new Set(), heads: new Uint8Array(HEADS) };
  pieces.set(length, { length, texts, heads });
  for (let at = 0; at + length <= folded.length; at++) {
    texts.add(folded.slice(at, at + length));
    heads[headAt(folded, at, length)] = 1;
  }
}

function headAt(text: string, at: number, length: number): number {
  let hash = 0;
  for (let i = at; i < at + Math.min(HEAD_LENGTH, length); i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;
  return hash & (HEADS - 1);
}

/**
 * Makes letter case and the two alphabets of base64 equal, because masking too much does no harm. It keeps the length of the text;
 * toLowerCase alone does not, in some scripts.
 */
function fold(text: string): string {
  return text
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replaceAll('-', '+')
    .replaceAll('_', '/');
}

function hide(view: View, allPieces: readonly Pieces[], hidden: Uint8Array): void {
  const folded = fold(view.text);
  for (const { length, texts, heads } of allPieces) {
    for (let at = 0; at + length <= folded.length; at++) {
      if (heads[headAt(folded, at, length)] === 0) continue;
      if (texts.has(folded.slice(at, at + length))) hidden.fill(1, view.starts[at], view.ends[at + length - 1]);
    }
  }
}

function masked(text: string, hidden: Uint8Array, mask: string): string {
  let shown = '';
  for (let at = 0; at < text.length; at++) {
    if (hidden[at] === 0) shown += text[at];
    else if (at === 0 || hidden[at - 1] === 0) shown += mask;
  }
  return shown;
}
