import { describe, expect, it } from 'vitest';
import { isInMaintenance } from '../../lib/config/maintenance.ts';

/** Sundays from 3 to 5 in Berlin: in winter from 2 to 4 UTC. */
const SUNDAYS = { cron: '0 3 * * 0', timeZone: 'Europe/Berlin', durationMinutes: 120 };

describe('a planned pause', () => {
  it.each([
    ['before it begins', '2026-03-01T01:59:59.999Z', false],
    ['the moment it begins', '2026-03-01T02:00:00.000Z', true],
    ['while it lasts', '2026-03-01T03:30:00.000Z', true],
    ['a moment before its end', '2026-03-01T03:59:59.999Z', true],
    ['the moment it ends', '2026-03-01T04:00:00.000Z', false],
    ['on another day', '2026-03-02T03:00:00.000Z', false],
    ['in summer, an hour earlier of UTC', '2026-07-05T01:00:00.000Z', true],
    ['in summer, when it would end in winter', '2026-07-05T03:30:00.000Z', false],
  ])('%s (%s): %s', (_, at, expected) => {
    expect(isInMaintenance([SUNDAYS], null, new Date(at))).toBe(expected);
  });

  it('may be longer than the time between two of them', () => {
    const always = { cron: '0 * * * *', timeZone: 'UTC', durationMinutes: 90 };
    expect(isInMaintenance([always], null, new Date('2026-03-01T10:59:00.000Z'))).toBe(true);
    expect(isInMaintenance([always], null, new Date('2026-03-01T11:15:00.000Z'))).toBe(true);
  });

  it('may be any of several', () => {
    const mondays = { cron: '30 12 * * 1', timeZone: 'UTC', durationMinutes: 10 };
    expect(isInMaintenance([SUNDAYS, mondays], null, new Date('2026-03-02T12:35:00.000Z'))).toBe(true);
  });

  it('set by hand lasts until its end', () => {
    const until = '2026-03-01T10:00:00.000Z';
    expect(isInMaintenance([], until, new Date('2026-03-01T09:59:59.999Z'))).toBe(true);
    expect(isInMaintenance([], until, new Date(until))).toBe(false);
  });

  it('is not in force when no window is set', () => {
    expect(isInMaintenance([], null, new Date())).toBe(false);
  });
});
