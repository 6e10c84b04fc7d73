/**
 * The checks of an hour as one readable text with a word for each: `0:412 60:398/120 120:10000!timeout`. It needs a tenth of
 * the bytes, and of the reading time, of a list of maps.
 *
 *   seconds ":" responseTimeMs [ "/" firstTokenMs ] [ "m" ] [ "!" category [ "*" ] ] [ "~" ]
 *
 * `m`: the check listed models. `*`: the fault was not the usual one of the category. `~`: the check was in a planned pause.
 */

import { type Category, faultOf } from '../../health/category.ts';
import type { Observation } from '../../health/uptime/observation.ts';
import { ItemError } from './fields.ts';
import { KINDS } from './kinds.ts';

const WORD = /^(\d+):(\d+)(?:\/(\d+))?(m)?(?:!([a-z_]+)(\*)?)?(~)?$/;

/** @param hourMs When the hour begins, in milliseconds since 1970. */
export function observationWord(observation: Observation, hourMs: number): string {
  const { atMs, responseTimeMs, firstTokenMs, listedModels, failure, maintenance } = observation;
  const seconds = Math.floor((atMs - hourMs) / 1000);
  const token = firstTokenMs === null ? '' : `/${firstTokenMs}`;
  const category = failure ? `!${failure.category}${failure.fault === faultOf(failure.category) ? '' : '*'}` : '';
  return `${seconds}:${responseTimeMs}${token}${listedModels ? 'm' : ''}${category}${maintenance ? '~' : ''}`;
}

/** @throws {ItemError} */
export function observationFromWord(word: string, hourMs: number, intervalMs: number): Observation {
  const [, seconds, responseTimeMs, firstTokenMs, models, category, unusual, pause] = WORD.exec(word) ?? [];
  if (seconds === undefined || (category !== undefined && !KINDS.category.is(category))) {
    throw new ItemError(`checks: expected seconds:milliseconds and marks, got "${word.slice(0, 40)}"`);
  }
  return {
    atMs: hourMs + Number(seconds) * 1000,
    responseTimeMs: Number(responseTimeMs),
    firstTokenMs: firstTokenMs === undefined ? null : Number(firstTokenMs),
    listedModels: models !== undefined,
    failure: category === undefined ? null : { category, fault: faultIn(category, unusual !== undefined) },
    maintenance: pause !== undefined,
    intervalMs,
  };
}

function faultIn(category: Category, unusual: boolean) {
  const usual = faultOf(category);
  if (!unusual) return usual;
  return usual === 'ours' ? 'provider' : 'ours';
}
