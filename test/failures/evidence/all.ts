/** Every recorded answer that the catalogue is checked with: those here, those of the cases, and those of the adapters' tests. */

import type { Layer } from '../../../lib/failures/layer.ts';
import { awsName, unwrap } from '../../../lib/failures/unwrap.ts';
import { RECORDED } from '../../support/answers/all.ts';
import { ANSWERS, headersOf } from '../cases/cases.ts';
import { COMMON_EVIDENCE, WEB_EVIDENCE } from './common.ts';
import { COMPANY_EVIDENCE } from './companies.ts';
import { type Evidence, says } from './evidence.ts';
import { FORMED } from './forms.ts';
import { OTHER_EVIDENCE } from './others.ts';
import { WORDED } from './sentences.ts';

export const EVIDENCE: readonly Evidence[] = [
  ...COMMON_EVIDENCE,
  ...WEB_EVIDENCE,
  ...COMPANY_EVIDENCE,
  ...OTHER_EVIDENCE,
  ...FORMED,
  ...WORDED,
  ...ANSWERS.map((one) => says(one.type, one.status, one.body, headersOf(one))),
  ...RECORDED.map(({ type, statusCode, headers, body }) => says(type, statusCode, body, headers)),
];

/** As the prober hands it to the catalogue. */
export function layersOf({ body, headers }: Evidence): Layer[] {
  const layers = unwrap(body);
  if (body.trim() === '') layers.push({ depth: 0, writer: null, upstream: null, codes: ['empty'], message: null });
  const named = headers['x-amzn-errortype'];
  const outermost = layers.at(-1);
  if (named === undefined || outermost === undefined) return layers;
  return [...layers.slice(0, -1), { ...outermost, codes: [awsName(named), ...outermost.codes] }];
}
