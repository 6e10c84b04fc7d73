/** How an incident is addressed on the status page: `20260301T100203004Z-openai`, which no program that shows it escapes. */

const SLUG = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-([a-z0-9][a-z0-9-]*)$/;

export interface IncidentAddress {
  provider: string;
  /** When it began, or a moment while it lasted; ISO 8601 UTC. */
  at: string;
}

function incidentSlug({ provider, at }: IncidentAddress): string {
  return `${at.replaceAll(/[-:.]/g, '')}-${provider}`;
}

/** Null when it is none. */
export function incidentAddressOf(slug: string): IncidentAddress | null {
  const [, year, month, day, hour, minute, second, ms, provider] = SLUG.exec(slug) ?? [];
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
  return provider === undefined || Number.isNaN(Date.parse(at)) ? null : { provider, at };
}

/** The page of an incident, from the root of the API. */
export function incidentPath(address: IncidentAddress): string {
  return `incidents/${incidentSlug(address)}`;
}
