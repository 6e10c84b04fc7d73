/** Domains of the partitions of AWS that have one of their own, by how their regions begin. */
const DOMAINS = {
  'cn-': 'amazonaws.com.cn',
  'us-iso-': 'c2s.ic.gov',
  'us-isob-': 'sc2s.sgov.gov',
  'us-isof-': 'csp.hci.ic.gov',
  'eu-isoe-': 'cloud.adc-e.uk',
  'eusc-': 'amazonaws.eu',
};

/** What the names of a region's services end in, such as `amazonaws.com`. */
export function awsDomain(region: string): string {
  return Object.entries(DOMAINS).find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'amazonaws.com';
}
