/** Makes sentences of texts: a capital at the beginning, a full stop at the end. */

const ENDED = /[.!?:…]["'”’)]?$/;

/** The text with a full stop, unless it ends as a sentence already. */
export function sentence(text: string): string {
  return text === '' || ENDED.test(text) ? text : `${text}.`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
