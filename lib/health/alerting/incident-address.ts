/** The address of an incident on the status page: `20260301T100203004Z-openai`. It has no character that programs escape. */

const SLUG = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-([a-z0-9][a-z0-9-]*)$/;

export interface IncidentAddress {
  provider: string;
  /** When the incident began, or another moment while it lasted; ISO 8601 UTC. */
  at: string;
}

function incidentSlug({ provider, at }: IncidentAddress): string {
  return `${at.replaceAll(/[-:.]/g, '')}-${provider}`;
}

/** Null when the text is not the address of an incident. */
export function incidentAddressOf(slug: string): IncidentAddress | null {
  const [, year, month, day, hour, minute, second, ms, provider] = SLUG.exec(slug) ?? [];
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
  return provider === undefined || Number.isNaN(Date.parse(at)) ? null : { provider, at };
}

/** The path of an incident's page, relative to the root of the API. */
export function incidentPath(address: IncidentAddress): string {
  return `incidents/${incidentSlug(address)}`;
}
