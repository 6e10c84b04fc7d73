/** A key could not be read. The message names the reference and says what to do. It contains no part of any key. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}
