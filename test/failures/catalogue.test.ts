/** Each row of the catalogue is needed: without it, a recorded answer would be judged differently. */

import { describe, expect, it } from 'vitest';
import { SPECIAL_ADVICE } from '../../lib/failures/advice.ts';
import { CATALOGUE, OWN_WORDS } from '../../lib/failures/catalogue/all.ts';
import { CODE_FORMS, COMMON, TYPES } from '../../lib/failures/catalogue/common.ts';
import { WEB } from '../../lib/failures/catalogue/web.ts';
import { WORD_FORMS } from '../../lib/failures/catalogue/words.ts';
import { judgeFinish } from '../../lib/failures/finish.ts';
import { type Indexes, indexAll, judge } from '../../lib/failures/match.ts';
import { headerReader } from '../../lib/failures/retry-after.ts';
import { scopeOf } from '../../lib/failures/scopes.ts';
import { folded, type Rows, type Signature, signaturesOf } from '../../lib/failures/signature.ts';
import type { ProviderType } from '../../lib/health/provider.ts';
import { EVIDENCE, layersOf } from './evidence/all.ts';

const PARTIES: readonly (readonly [string, Rows])[] = [
  ['common', COMMON],
  ['types', TYPES],
  ['web', WEB],
  ...Object.entries(CATALOGUE),
  ...Object.entries(OWN_WORDS).map(([name, rows]) => [`${name}, its own words`, rows] as const),
];

const SIGNATURES = PARTIES.flatMap(([party, rows]) =>
  signaturesOf(rows).map((signature) => ({ party, signature, name: `${party}: ${JSON.stringify(signature)}` })),
);

const ANSWERS = EVIDENCE.map((one) => ({
  answer: { statusCode: one.status, header: headerReader(one.headers), layers: layersOf(one) },
  scope: scopeOf(one.type),
}));

/** Finish reasons of a 200, and where they are met. */
const FINISHES: readonly (readonly [ProviderType, string])[] = [
  ['openrouter', 'error'],
  ['glm', 'network_error'],
  ['cohere', 'TIMEOUT'],
  ['deepseek', 'insufficient_system_resource'],
];

function verdicts(using: Indexes): string[] {
  const judged = ANSWERS.map(({ answer, scope }) => {
    const verdict = judge(answer, scope, using);
    return verdict && [verdict.category, verdict.advice, verdict.code, verdict.byStatus].join();
  });
  return [...judged, ...FINISHES.map(([type, reason]) => judgeFinish(reason, scopeOf(type), using))].map(String);
}

const same = (one: Signature, other: Signature) => JSON.stringify(one) === JSON.stringify(other);

describe('the catalogue of failures', () => {
  const complete = verdicts(indexAll());

  it.each(SIGNATURES.map(({ name, signature }) => [name, signature] as const))(
    'would judge a recorded answer otherwise without the row of %s',
    (_, signature) => {
      const without = verdicts(indexAll((other) => !same(other, signature)));
      expect(without).not.toEqual(complete);
    },
  );

  it.each(CODE_FORMS.map(([form, category]) => [String(form).slice(0, 60), form, category] as const))(
    'has a recorded code of the form %s',
    (_, form) => {
      const codes = ANSWERS.flatMap(({ answer }) => answer.layers.flatMap((layer) => layer.codes.map(folded)));
      expect(codes.some((code) => form.test(code))).toBe(true);
    },
  );

  it.each(WORD_FORMS.map((form) => [`${form[2]}, ${form[1]}`.slice(0, 60), form] as const))(
    'would judge a recorded answer otherwise without the sentences of %s',
    (_, form) => {
      const without = verdicts({ ...indexAll(), words: WORD_FORMS.filter((other) => other !== form) });
      expect(without).not.toEqual(complete);
    },
  );

  it('says each thing once for each party', () => {
    const wordings = SIGNATURES.map(({ party, signature: { category: _, advice: __, ...words } }) =>
      JSON.stringify([party, words]),
    );
    expect(wordings.filter((one, at) => wordings.indexOf(one) !== at)).toEqual([]);
  });

  it('has words, and advice that is known, in every row', () => {
    const odd = SIGNATURES.filter(
      ({ signature: { code, says, status, advice } }) =>
        (code ?? says ?? status) === undefined || (advice !== undefined && !Object.hasOwn(SPECIAL_ADVICE, advice)),
    );
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('has phrases that can be found: in lower case', () => {
    const phrases = SIGNATURES.map(({ signature }) => signature.says ?? '');
    expect(phrases.filter((phrase) => phrase !== phrase.toLowerCase())).toEqual([]);
  });

  it('uses every line of advice', () => {
    const used = new Set([
      ...SIGNATURES.map(({ signature }) => signature.advice),
      ...CODE_FORMS.map(([, , advice]) => advice),
      ...WORD_FORMS.map(([, , , advice]) => advice),
      // Of the prober: where a token endpoint gave none, so that no provider answered; and of an error that nothing explains.
      'token',
      'odd',
    ]);
    expect(Object.keys(SPECIAL_ADVICE).filter((advice) => !used.has(advice as never))).toEqual([]);
  });
});
