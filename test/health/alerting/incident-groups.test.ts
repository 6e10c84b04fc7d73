import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../lib/health/alerting/incident.ts';
import { groupsOf } from '../../../lib/health/alerting/incident-groups.ts';
import { at, minute } from '../../support/builders.ts';

/** An incident from one minute to another; null: it lasts. */
const incident = (from: number, to: number | null, provider = 'a'): Incident => ({
  id: `${minute(from)}#${provider}`,
  provider,
  openedAt: minute(from),
  closedAt: to === null ? null : minute(to),
  ending: to === null ? null : 'recovered',
  fault: 'provider',
  categories: ['timeout'],
  errorMessage: null,
  ordinal: 1,
});
const shown = (incidents: readonly Incident[]) => groupsOf(incidents).map((group) => group.map(({ id }) => id));
const idsOf = (...groups: Incident[][]) => groups.map((group) => group.map(({ id }) => id));

describe('incidents in groups', () => {
  it('are none where there are none', () => {
    expect(shown([])).toEqual([]);
  });

  it('are one where three of a provider follow each other within half an hour each, the newest first', () => {
    const [third, second, first] = [incident(64, 65), incident(32, 34), incident(0, 2)];
    expect(shown([third, second, first])).toEqual(idsOf([third, second, first]));
  });

  it('are shown one by one where only two follow each other', () => {
    const [second, first] = [incident(10, 12), incident(0, 5)];
    expect(shown([second, first])).toEqual(idsOf([second], [first]));
  });

  it('end where more than half an hour lies between', () => {
    const chain = [incident(64, 65), incident(32, 34), incident(0, 2)];
    const late = { ...incident(100, 101), openedAt: at(95 * 60_000 + 1) };
    expect(shown([late, ...chain])).toEqual(idsOf([late], chain));
    const inTime = { ...late, openedAt: minute(95) };
    expect(shown([inTime, ...chain])).toEqual(idsOf([inTime, ...chain]));
  });

  it('never join one that has not ended with a later one', () => {
    const [third, second, first] = [incident(64, 65), incident(32, null), incident(0, 2)];
    expect(shown([third, second, first])).toEqual(idsOf([third], [second], [first]));
  });

  it('of several providers are separate, in the order of the newest of each', () => {
    const ofA = [incident(60, 61, 'a'), incident(40, 41, 'a'), incident(20, 21, 'a')];
    const ofB = [incident(50, 51, 'b'), incident(30, 31, 'b')];
    const all = [...ofA, ...ofB].sort((x, y) => (x.openedAt < y.openedAt ? 1 : -1));
    const [newer, older] = ofB;
    if (!newer || !older) throw new Error('expected two');
    expect(shown(all)).toEqual(idsOf(ofA, [newer], [older]));
  });

  it('are in the order of time also where those of one provider are shown one by one', () => {
    const [third, second, first] = [incident(60, 61, 'a'), incident(50, 51, 'b'), incident(40, 41, 'a')];
    expect(shown([third, second, first])).toEqual(idsOf([third], [second], [first]));
    const others = [incident(59, 61, 'c'), incident(58, 61, 'a'), incident(57, 61, 'c'), incident(56, 61, 'b')];
    expect(shown(others)).toEqual(idsOf(...others.map((one) => [one])));
  });

  it('keep an order that puts ongoing incidents first', () => {
    const [ongoing, newer, older] = [incident(10, null, 'a'), incident(60, 61, 'b'), incident(5, 6, 'a')];
    expect(shown([ongoing, newer, older])).toEqual(idsOf([ongoing], [newer], [older]));
  });

  it('that began at the same time keep their order', () => {
    const [x, y] = [incident(0, 1, 'x'), incident(0, 1, 'y')];
    expect(shown([x, y])).toEqual(idsOf([x], [y]));
    expect(shown([y, x])).toEqual(idsOf([y], [x]));
  });
});
