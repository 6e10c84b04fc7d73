/**
 * Which row of the catalogue an answer fits: the innermost error first, and in it codes before words, the writer's own
 * before what is common. Where no row fits, the status decides, and where there is none, a type that repeats one; words of
 * writers that are not known make more exact what these say.
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
  /** Null where there was none, or none is known: in the middle of a stream. */
  statusCode: number | null;
  header(name: string): string | null;
  /** From the innermost to the outermost. */
  layers: readonly Layer[];
}

export interface Judgement {
  category: Category;
  /** Null where the category says all. */
  advice: Advice | null;
  /** The code that decided, as the catalogue writes it; null when words or the status did. */
  code: string | null;
  /** What decided, or where its status stands; null when there was nothing but the status of the answer. */
  layer: Layer | null;
  /** Only the status decided, or a type that repeats one. */
  byStatus: boolean;
}

/** The rows of one party, found by what they need. */
interface Index {
  /** By folded code. */
  codes: ReadonlyMap<string, readonly Signature[]>;
  /** Those of a phrase alone. */
  phrases: readonly Signature[];
  /** Fits where one of the phrases stands: one look at a message instead of one for each of them. */
  anyPhrase: RegExp;
  /** Those of a status alone. */
  statuses: readonly Signature[];
}

const EMPTY: Index = { codes: new Map(), phrases: [], anyPhrase: /(?!)/, statuses: [] };

/** All rows, found by what they need. */
export type Indexes = ReturnType<typeof indexAll>;

let made: Indexes | null = null;

/** Made with the first failure: most programs meet few. */
export function indexes(): Indexes {
  made ??= indexAll();
  return made;
}

/** Null when nothing is known of it at all: no row fits, and there is no status. */
export function judge(answer: Answer, scope: Scope, using: Indexes = indexes()): Judgement | null {
  const layers = marked(answer);
  const refined = (told: Judgement | null) => {
    const worded = sentenceThatFits(layers, scope, told?.category ?? null, using.words);
    const isNews = worded !== null && (worded.category !== told?.category || worded.advice !== undefined);
    return isNews ? judgement(worded, worded.layer) : told;
  };
  const known = first(layers, (layer) => {
    const row = bySignature(layer, answer.statusCode, scope, using);
    const formed = row === null ? byForm(layer, answer.statusCode) : null;
    return formed?.advice === null ? refined(formed) : (row ?? formed);
  });
  return known ?? refined(byStatus(answer, scope, using) ?? byType(layers, using));
}

/** Headers by which firewalls say that they answered themselves. */
const MARKS = ['cf-mitigated', 'x-amzn-waf-action', 'x-vercel-mitigated'];

function marked({ header, layers }: Answer): readonly Layer[] {
  const marks = MARKS.filter((name) => header(name) !== null);
  return layers.map((layer) => ({ ...layer, codes: [...marks, ...layer.codes] }));
}

function bySignature(
  layer: Layer,
  statusCode: number | null,
  scope: Scope,
  { common, web, ...all }: Indexes,
): Judgement | null {
  const others = scope.relays ? all.others : EMPTY;
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

/** Who may have written it, the surest first. */
function writersOf(layer: Layer | null, { writers, relays }: Scope): readonly Writer[] {
  return layer?.writer && relays ? [layer.writer, ...writers] : writers;
}

/** By how a code is put together that no row names. */
function byForm(layer: Layer, statusCode: number | null): Judgement | null {
  return first(layer.codes, (code) => {
    if (/\s/.test(code) || code.length > 60) return null;
    const bare = folded(code);
    const found = CODE_FORMS.find(([form]) => form.test(bare));
    if (found === undefined) return null;
    const [, category, advice] = found;
    // What is not found is not merely busy.
    const isMissing = category === 'overloaded' && statusCode === 404;
    return judgement({ category: isMissing ? 'model_not_found' : category, advice }, layer);
  });
}

/** @returns Whether a phrase stands in the message; both in lower case. */
function finderIn(message: string): (phrase: string) => boolean {
  // What is longer has more in it, and would take long to trim.
  const whole = message.length < 99 ? `=${message.trim().replace(/[.!]+$/, '')}` : '';
  return (phrase) => (phrase.startsWith('=') ? phrase === whole : message.includes(phrase));
}

/** A status in the body comes first: gateways put there what they got, into a 200 even. */
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

function byType(layers: readonly Layer[], { types }: Indexes): Judgement | null {
  return first(layers, (layer) =>
    first(layer.codes, (code) => {
      const row = types.codes.get(folded(code))?.[0];
      return row ? judgement(row, layer, true) : null;
    }),
  );
}

/** @param keeps Which rows there are; all, but for a test of what each of them is for. */
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
