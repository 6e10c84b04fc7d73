/** Judges the sentences of an answer, which can make the category of its status more exact. */

import { first } from '../base/first.ts';
import { type Category, faultOf } from '../health/category.ts';
import type { Advice } from './advice.ts';
import { A_FIELD, A_MINUTE, type WORD_FORMS } from './catalogue/words.ts';
import type { Layer } from './layer.ts';
import type { Scope } from './scope.ts';

/** Only the beginning of a longer sentence is read. */
const LONGEST = 400;

/** @param coarse What the status says; null where there is none. */
export function sentenceThatFits(
  layers: readonly Layer[],
  { relays }: Scope,
  coarse: Category | null,
  words: typeof WORD_FORMS,
): { category: Category; advice: Advice | undefined; layer: Layer } | null {
  const forms = words.filter(
    ([under, , category]) => under.includes(coarse) && (relays || mayRefine(coarse, category)),
  );
  return first(layers, (layer) => {
    const text = sentenceOf(layer);
    if (A_FIELD.test(text)) return null;
    const found = forms.find(([, form, category]) => form.test(text) && !(category === 'quota' && A_MINUTE.test(text)));
    return found ? { category: found[2], advice: found[3], layer } : null;
  });
}

/**
 * Whether sentences count at a provider that relays nothing. Its own words stand in the catalogue; others may be quoted from
 * our request. So they may say which mistake of ours a bad request is, but never that a failure is another's fault.
 */
function mayRefine(coarse: Category | null, category: Category): boolean {
  if (coarse === 'bad_request') return faultOf(category) === 'ours';
  return coarse !== null && coarse !== 'server_error';
}

/** Also codes that are written as sentences. */
function sentenceOf({ codes, message }: Layer): string {
  if (codes.includes('html')) return '';
  const sentences = [message?.slice(0, LONGEST), ...codes.filter((code) => code.includes(' '))];
  return sentences.join('. ').toLowerCase().replaceAll('’', "'").replaceAll('_', ' ');
}
