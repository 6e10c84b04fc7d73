/** Texts of several sentences, of parts that may lack their full stop. */

const ENDED = /[.!?:…]["'”’)]?$/;

/** The text with a full stop, unless it ends as a sentence already. */
export function sentence(text: string): string {
  return text === '' || ENDED.test(text) ? text : `${text}.`;
}
