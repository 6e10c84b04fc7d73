/** The AWS partitions with a domain of their own: the prefix of their regions, and the domain. */
const DOMAINS = {
  'cn-': 'amazonaws.com.cn',
  'us-iso-': 'c2s.ic.gov',
  'us-isob-': 'sc2s.sgov.gov',
  'us-isof-': 'csp.hci.ic.gov',
  'eu-isoe-': 'cloud.adc-e.uk',
  'eusc-': 'amazonaws.eu',
};

/** The domain of a region's services, such as `amazonaws.com`. */
export function awsDomain(region: string): string {
  return Object.entries(DOMAINS).find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'amazonaws.com';
}
