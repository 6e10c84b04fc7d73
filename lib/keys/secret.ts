/** A text that must not be seen: every way of printing it gives `***`. Where it comes from is left to keys.ts. */

import { inspect } from 'node:util';

const MASK = '***';

export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Only for a request's header; never for a message, a log or a URL. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
