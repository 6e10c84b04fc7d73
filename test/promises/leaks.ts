/**
 * Finds a key in everything that a program wrote, in every encoding that a provider or a library is known to use. It
 * was written from the promise, not from the code that hides keys: it encodes each 12 characters of the key and
 * searches for them.
 */

/** This many characters of a key in a row are a leak. */
const PIECE_LENGTH = 12;

type Encode = (text: string) => string;

/** Every encoding in which a key is echoed, by its name in the titles of tests. */
export const ENCODINGS: Readonly<Record<string, Encode>> = {
  'as it is': (text) => text,
  'in lower case': (text) => text.toLowerCase(),
  'in upper case': (text) => text.toUpperCase(),
  'percent-encoded': (text) => encodeURIComponent(text),
  'percent-encoded to the last character': (text) => bytesOf(text, (byte) => `%${byte}`),
  'percent-encoded twice': (text) => encodeURIComponent(bytesOf(text, (byte) => `%${byte}`)),
  'percent-encoded three times': (text) => encodeURIComponent(encodeURIComponent(bytesOf(text, (byte) => `%${byte}`))),
  'percent-encoded four times': (text) =>
    encodeURIComponent(encodeURIComponent(encodeURIComponent(encodeURIComponent(text)))),
  'in JSON escapes': (text) => bytesOf(text, (byte) => `\\u00${byte}`),
  'in escapes of code points': (text) => bytesOf(text, (byte) => `\\u{${byte}}`),
  'in long escapes of Python': (text) => bytesOf(text, (byte) => `\\U000000${byte}`),
  'in octal escapes': (text) =>
    Array.from(text, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`).join(''),
  'in JavaScript escapes': (text) => bytesOf(text, (byte) => `\\x${byte}`),
  'in HTML entities': (text) => bytesOf(text, (byte) => `&#x${byte};`),
  'in decimal HTML entities': (text) => Array.from(text, (one) => `&#${one.charCodeAt(0)};`).join(''),
  'in HTML entities, escaped again': (text) => bytesOf(text, (byte) => `&amp;#x${byte};`),
  'in named HTML entities': named,
  'in named HTML entities, escaped again': (text) => named(text).replaceAll('&', '&amp;'),
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
  'in hex with colons': (text) => Array.from(Buffer.from(text), hexOf).join(':'),
  'in hex with spaces': (text) => Array.from(Buffer.from(text), hexOf).join(' '),
  'in a list of hex numbers': (text) => Array.from(Buffer.from(text), (byte) => `0x${hexOf(byte)}`).join(', '),
  'as the bytes of a Buffer': (text) => Array.from(Buffer.from(text)).join(','),
  'as the bytes that Go prints': (text) => Array.from(Buffer.from(text)).join(' '),
  'in base64 of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  'in base64 of big-endian UTF-16': (text) => Buffer.from(text, 'utf16le').swap16().toString('base64'),
  'in hex of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('hex'),
  'with invisible characters between': (text) => Array.from(text).join('\u200b'),
};

/**
 * Each encoded piece of the key that the text holds; empty when it holds none.
 *
 * @param step 1: every piece is searched for. n: only every n-th piece, which is faster, but misses leaks that are
 * fewer than 12 + n characters long.
 */
export function leaksOf(key: string, text: string, step = 1): string[] {
  const flat = flatten(text);
  return piecesOf(key, step).filter((piece) => flat.includes(piece));
}

const known = new Map<string, string[]>();

function piecesOf(key: string, step: number): string[] {
  const id = `${step} ${key}`;
  const windows = windowsOf(key).filter((_, at) => at % step === 0);
  const made = known.get(id) ?? [...new Set(windows.flatMap(formsOf))];
  known.set(id, made);
  return made;
}

function windowsOf(key: string): string[] {
  return Array.from({ length: key.length - PIECE_LENGTH + 1 }, (_, at) => key.slice(at, at + PIECE_LENGTH));
}

/** The whole of a piece in each encoding; of base64 what does not depend on the characters before and after it. */
function formsOf(piece: string): string[] {
  const wide = Buffer.from(piece, 'utf16le');
  const base64 = [Buffer.from(piece), wide, Buffer.from(wide).swap16()].flatMap((bytes) =>
    [0, 1, 2].map((before) => {
      const encoded = Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .replace(/=+$/, '');
      return encoded.slice(before === 0 ? 0 : before + 1, -1);
    }),
  );
  return [...Object.values(ENCODINGS).map((encode) => encode(piece)), ...base64].map(flatten);
}

/** In one form for comparison: lower case, one alphabet of base64, no line ends, and no backslashes of JSON. */
function flatten(text: string): string {
  return text
    .replace(/[\s\p{Cf}\\]+/gu, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .toLowerCase();
}

const ENTITIES: Readonly<Record<string, string>> = { '+': 'plus', '/': 'sol', '=': 'equals', _: 'lowbar' };

function named(text: string): string {
  return text.replace(/[+/=_]/g, (one) => `&${ENTITIES[one]};`);
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function bytesOf(text: string, write: (byte: string) => string): string {
  return Array.from(Buffer.from(text), (byte) => write(hexOf(byte))).join('');
}
