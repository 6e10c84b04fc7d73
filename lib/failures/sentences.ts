/** What the sentences of an answer make more exact of what its status says. */

import { first } from '../base/first.ts';
import type { Category } from '../health/category.ts';
import type { Advice } from './advice.ts';
import { A_MINUTE, type WORD_FORMS } from './catalogue/words.ts';
import type { Layer } from './layer.ts';
import type { Scope } from './scope.ts';

/** Longer sentences say it at their beginning. */
const LONGEST = 400;

/**
 * Where a status says no more than that the request or the server failed, the words of a gateway may be anybody's; those of
 * a provider are known, and would stand in the catalogue.
 *
 * @param told What the status says; null where there is none.
 */
export function sentenceThatFits(
  layers: readonly Layer[],
  { relays }: Scope,
  told: Category | null,
  words: typeof WORD_FORMS,
): { category: Category; advice: Advice | undefined; layer: Layer } | null {
  if (!relays && (told === null || told === 'bad_request' || told === 'server_error')) return null;
  const forms = words.filter(([under]) => under.includes(told));
  return first(layers, (layer) => {
    const text = sentenceOf(layer);
    const found = forms.find(([, form, category]) => form.test(text) && !(category === 'quota' && A_MINUTE.test(text)));
    return found ? { category: found[2], advice: found[3], layer } : null;
  });
}

/** Also codes that are written as sentences. */
function sentenceOf({ codes, message }: Layer): string {
  if (codes.includes('html')) return '';
  const sentences = [message?.slice(0, LONGEST), ...codes.filter((code) => code.includes(' '))];
  return sentences.join('. ').toLowerCase().replaceAll('’', "'").replaceAll('_', ' ');
}
