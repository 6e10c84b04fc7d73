/** A key that could not be read. The message names the reference and what to do, and holds no part of any key. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}
