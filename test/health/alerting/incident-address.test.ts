import { describe, expect, it } from 'vitest';
import { incidentAddressOf, incidentPath } from '../../../lib/health/alerting/incident-address.ts';

const ADDRESS = { provider: 'my-openai-2', at: '2026-03-01T10:02:03.004Z' };

describe('the address of an incident', () => {
  it('is a path without anything that has to be escaped', () => {
    expect(incidentPath(ADDRESS)).toBe('incidents/20260301T100203004Z-my-openai-2');
    expect(encodeURI(incidentPath(ADDRESS))).toBe(incidentPath(ADDRESS));
  });

  it('leads back to the incident', () => {
    expect(incidentAddressOf(incidentPath(ADDRESS).slice('incidents/'.length))).toEqual(ADDRESS);
    expect(incidentAddressOf('20260301T100203004Z-a')).toEqual({ provider: 'a', at: '2026-03-01T10:02:03.004Z' });
  });

  it.each([
    ['nothing', ''],
    ['no provider', '20260301T100203004Z-'],
    ['no time', 'my-openai-2'],
    ['a time without milliseconds', '20260301T100203Z-a'],
    ['a month that there is not', '20261301T100203004Z-a'],
    ['an hour that there is not', '20260301T250203004Z-a'],
    ['something before it', 'x20260301T100203004Z-a'],
    ['capitals', '20260301T100203004Z-OpenAI'],
    ['a provider that begins with a hyphen', '20260301T100203004Z--a'],
    ['something after it', '20260301T100203004Z-a/b'],
    ['a line end after it', '20260301T100203004Z-a\n'],
  ])('is refused with %s', (_, slug) => {
    expect(incidentAddressOf(slug)).toBeNull();
  });
});
