/**
 * Finds a key in whatever a program said, in every encoding that a provider or a library is known to use. Written from
 * the promise, not from the code that hides keys: it encodes each 12 characters of the key and looks for them.
 */

/** So many characters of a key in a row are a leak. */
const PIECE_LENGTH = 12;

type Encode = (text: string) => string;

/** Every way in which a key is echoed, by what it is called in the name of a test. */
export const ENCODINGS: Readonly<Record<string, Encode>> = {
  'as it is': (text) => text,
  'in lower case': (text) => text.toLowerCase(),
  'in upper case': (text) => text.toUpperCase(),
  'percent-encoded': (text) => encodeURIComponent(text),
  'percent-encoded to the last character': (text) => bytesOf(text, (byte) => `%${byte}`),
  'percent-encoded twice': (text) => encodeURIComponent(bytesOf(text, (byte) => `%${byte}`)),
  'in JSON escapes': (text) => bytesOf(text, (byte) => `\\u00${byte}`),
  'in JavaScript escapes': (text) => bytesOf(text, (byte) => `\\x${byte}`),
  'in HTML entities': (text) => bytesOf(text, (byte) => `&#x${byte};`),
  'in decimal HTML entities': (text) => Array.from(text, (one) => `&#${one.charCodeAt(0)};`).join(''),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 of the whole header': (text) => Buffer.from(`Bearer ${text}`).toString('base64'),
  'in base64 of a user and a password': (text) => Buffer.from(`api:${text}`).toString('base64'),
  'in base64 for URLs': (text) => Buffer.from(`x${text}`).toString('base64url'),
  'in base64 of several lines': (text) =>
    (
      Buffer.from(text)
        .toString('base64')
        .match(/.{1,16}/g) ?? []
    ).join('\n'),
  'in hex': (text) => Buffer.from(text).toString('hex'),
  'in capital hex': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'with invisible characters between': (text) => Array.from(text).join('\u200b'),
};

/** Each encoded piece of the key that the text holds; empty when it holds none. */
export function leaksOf(key: string, text: string): string[] {
  const flat = flatten(text);
  return piecesOf(key).filter((piece) => flat.includes(piece));
}

const known = new Map<string, string[]>();

function piecesOf(key: string): string[] {
  const made = known.get(key) ?? [...new Set(windowsOf(key).flatMap(formsOf))];
  known.set(key, made);
  return made;
}

function windowsOf(key: string): string[] {
  return Array.from({ length: key.length - PIECE_LENGTH + 1 }, (_, at) => key.slice(at, at + PIECE_LENGTH));
}

/** The whole of a piece in each encoding; of base64 what does not depend on the characters before and after it. */
function formsOf(piece: string): string[] {
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from('\0'.repeat(before) + piece)
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(before === 0 ? 0 : before + 1, -1);
  });
  return [...Object.values(ENCODINGS).map((encode) => encode(piece)), ...base64].map(flatten);
}

/** As a person would read it: no case, one alphabet of base64, no line ends, and no backslashes of JSON around it. */
function flatten(text: string): string {
  return text
    .replace(/[\s\p{Cf}\\]+/gu, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .toLowerCase();
}

function bytesOf(text: string, write: (byte: string) => string): string {
  return Array.from(Buffer.from(text), (byte) => write(byte.toString(16).padStart(2, '0'))).join('');
}
