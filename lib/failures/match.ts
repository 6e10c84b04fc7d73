/**
 * Finds the row of the catalogue that fits an answer. The innermost error comes first; in it codes come before words, and rows of
 * the writer before common rows. If no row fits, the status decides; without a status, a type that repeats one. Sentences of
 * unknown writers can then make the category more exact.
 */

import { first } from '../base/first.ts';
import type { Category } from '../health/category.ts';
import type { Advice } from './advice.ts';
import { CATALOGUE, OWN_WORDS, type Writer } from './catalogue/all.ts';
import { CODE_FORMS, COMMON, TYPES } from './catalogue/common.ts';
import { WEB } from './catalogue/web.ts';
import { WORD_FORMS } from './catalogue/words.ts';
import type { Layer } from './layer.ts';
import type { Scope } from './scope.ts';
import { sentenceThatFits } from './sentences.ts';
import { folded, type Rows, type Signature, signaturesOf } from './signature.ts';
import { categoryOfStatus } from './status.ts';

export interface Answer {
  /** Null when there is none, as within a stream. */
  statusCode: number | null;
  header(name: string): string | null;
  /** The layers, the innermost first. */
  layers: readonly Layer[];
}

export interface Judgement {
  category: Category;
  /** Null: the usual advice of the category. */
  advice: Advice | null;
  /** The code that decided, as the catalogue writes it; null when words or the status did. */
  code: string | null;
  /** The layer that decided; null when there was only the status of the answer. */
  layer: Layer | null;
  /** Whether only the status decided, or a type that repeats one. */
  byStatus: boolean;
}

/** The rows of one writer, arranged for fast look-ups. */
interface Index {
  /** By folded code. */
  codes: ReadonlyMap<string, readonly Signature[]>;
  /** Rows with only a phrase. */
  phrases: readonly Signature[];
  /** Matches any of the phrases, so that one search of a message rules out all of them. */
  anyPhrase: RegExp;
  /** Rows with only a status. */
  statuses: readonly Signature[];
}

/** The indexes of all writers. */
export type Indexes = ReturnType<typeof indexAll>;

let made: Indexes | null = null;

/** The indexes, made at the first failure, because many programs meet none. */
export function indexes(): Indexes {
  made ??= indexAll();
  return made;
}

/** The judgement of an answer; null when no row fits and there is no status. */
export function judge(answer: Answer, scope: Scope, using: Indexes = indexes()): Judgement | null {
  const layers = marked(answer);
  const refined = (coarse: Judgement | null) => {
    const worded = sentenceThatFits(layers, scope, coarse?.category ?? null, using.words);
    const isNews = worded !== null && (worded.category !== coarse?.category || worded.advice !== undefined);
    return isNews ? judgement(worded, worded.layer) : coarse;
  };
  const known = first(layers, (layer) => {
    const row = bySignature(layer, answer.statusCode, scope, using);
    const formed = row === null ? byForm(layer, answer.statusCode) : null;
    // A form guesses the category from parts of a code that nobody listed, so a sentence of the message may be more exact. A
    // form with advice of its own says what to do, and is as exact as a sentence: it decides alone.
    return formed?.advice === null ? refined(formed) : (row ?? formed);
  });
  return known ?? refined(byQuotedType(answer, using) ?? byStatus(answer, scope, using) ?? byType(layers, using));
}

/** Headers of answers that a firewall wrote instead of the API. */
export const FIREWALL_HEADERS: readonly string[] = ['cf-mitigated', 'x-amzn-waf-action', 'x-vercel-mitigated'];

function marked({ header, layers }: Answer): readonly Layer[] {
  const marks = FIREWALL_HEADERS.filter((name) => header(name) !== null);
  return layers.map((layer) => ({ ...layer, codes: [...marks, ...layer.codes] }));
}

function bySignature(
  layer: Layer,
  statusCode: number | null,
  scope: Scope,
  { common, web, ...all }: Indexes,
): Judgement | null {
  const others = scope.relays ? all.others : all.none;
  const writers = writersOf(layer, scope).flatMap(all.of);
  const keys = layer.codes.map(folded);
  const message = layer.message?.toLowerCase().replaceAll('’', "'") ?? '';
  const says = finderIn(message);
  const fits = (signature: Signature) =>
    (signature.status === undefined || signature.status === statusCode) &&
    (signature.says === undefined || says(signature.says));
  const codeIn = (index: Index, worded: boolean): Signature | null =>
    first(keys, (key) => index.codes.get(key)?.find((row) => (!worded || row.says !== undefined) && fits(row)) ?? null);
  const phraseIn = ({ anyPhrase, phrases }: Index): Signature | null =>
    (anyPhrase.test(message) && phrases.find(fits)) || null;

  const found =
    first([...writers, common, others], (index) => codeIn(index, true)) ??
    first(writers, (index) => codeIn(index, false)) ??
    first(writers, phraseIn) ??
    codeIn(common, false) ??
    codeIn(others, false) ??
    codeIn(web, false) ??
    phraseIn(web) ??
    phraseIn(others);
  return found && judgement(found, layer);
}

function judgement(
  { category, advice, code }: Omit<Signature, 'says' | 'status'>,
  layer: Layer | null,
  byStatus = false,
): Judgement {
  return { category, advice: advice ?? null, code: code ?? null, layer, byStatus };
}

/** The possible writers of a layer, the most certain first. */
function writersOf(layer: Layer | null, { writers, relays }: Scope): readonly Writer[] {
  return layer?.writer && relays ? [layer.writer, ...writers] : writers;
}

/** Judges a code that no row contains by its form. */
function byForm(layer: Layer, statusCode: number | null): Judgement | null {
  return first(layer.codes, (code) => {
    if (/\s/.test(code) || code.length > 60) return null;
    const bare = folded(code);
    const found = CODE_FORMS.find(([form]) => form.test(bare));
    if (found === undefined) return null;
    const [, category, advice] = found;
    // With a 404 the model is missing, not busy.
    const isMissing = category === 'overloaded' && statusCode === 404;
    return judgement({ category: isMissing ? 'model_not_found' : category, advice }, layer);
  });
}

/** @returns A function that tells whether the message contains a phrase. Both are in lower case. */
function finderIn(message: string): (phrase: string) => boolean {
  // A longer message cannot be just the phrase, and trimming it would take long.
  const whole = message.length < 99 ? `=${message.trim().replace(/[.!]+$/, '')}` : '';
  return (phrase) => (phrase.startsWith('=') ? phrase === whole : message.includes(phrase));
}

/** A status in the body comes first: gateways put the status of their provider there, even in a 200. */
function byStatus({ statusCode, layers }: Answer, scope: Scope, using: Indexes): Judgement | null {
  const inBody = first(layers, (layer) =>
    first(layer.codes, (code) => {
      const status = /^(~?)([45]\d\d)$/.exec(code);
      if (status === null || (status[1] === '~' && !scope.relays)) return null;
      return meaningOf(Number(status[2]), layer, scope, using);
    }),
  );
  return inBody ?? (statusCode === null ? null : meaningOf(statusCode, layers[0] ?? null, scope, using));
}

function meaningOf(status: number, layer: Layer | null, scope: Scope, { of, web }: Indexes): Judgement | null {
  const parties = [...writersOf(layer, scope).flatMap(of), web];
  const own = first(parties, ({ statuses }) => statuses.find((row) => row.status === status) ?? null);
  const category = own?.category ?? categoryOfStatus(status);
  return category && judgement({ ...own, category }, layer, true);
}

/**
 * The type in an error that a gateway quotes, when the gateway itself answers with an error of a server: such a status says that
 * the gateway got no answer, and the type says which error it got.
 */
function byQuotedType({ statusCode, layers }: Answer, using: Indexes): Judgement | null {
  if ((statusCode ?? 0) < 500) return null;
  const quoted = layers.filter(({ writer }) => writer !== null);
  return byType(quoted, using);
}

function byType(layers: readonly Layer[], { types }: Indexes): Judgement | null {
  return first(layers, (layer) =>
    first(layer.codes, (code) => {
      const row = types.codes.get(folded(code))?.[0];
      return row ? judgement(row, layer, true) : null;
    }),
  );
}

/** @param keeps Selects the rows. Default: all. A test leaves rows out, to show that each is needed. */
export function indexAll(keeps: (signature: Signature) => boolean = () => true) {
  const indexOf = (...rows: readonly Rows[]) => indexed(rows.flatMap(signaturesOf).filter(keeps));
  const parties = new Map<string, Index[]>();
  for (const words of [CATALOGUE, OWN_WORDS]) {
    for (const [writer, rows] of Object.entries<Rows>(words)) {
      parties.set(writer, [indexOf(rows), ...(parties.get(writer) ?? [])]);
    }
  }
  return {
    of: (writer: Writer): readonly Index[] => parties.get(writer) ?? [],
    others: indexOf(...Object.values<Rows>(CATALOGUE)),
    none: indexOf(),
    common: indexOf(COMMON),
    web: indexOf(WEB),
    types: indexOf(TYPES),
    words: WORD_FORMS,
  };
}

function indexed(signatures: readonly Signature[]): Index {
  const codes = new Map<string, Signature[]>();
  const wordy = signatures.filter(({ code }) => code === undefined);
  for (const signature of signatures) {
    if (signature.code === undefined) continue;
    const key = folded(signature.code);
    codes.set(key, [...(codes.get(key) ?? []), signature]);
  }
  const phrases = wordy.filter(({ says }) => says !== undefined);
  return {
    codes,
    phrases,
    anyPhrase: anyOf(phrases),
    statuses: wordy.filter(({ says }) => says === undefined),
  };
}

function anyOf(phrases: readonly Signature[]): RegExp {
  const texts = phrases.map(({ says = '' }) => says.replace(/^=/, '').replace(/[^\w\s]/g, '\\$&'));
  return new RegExp(texts.join('|') || '(?!)');
}
