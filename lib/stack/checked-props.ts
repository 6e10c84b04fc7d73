/** Props as JavaScript may pass them: what TypeScript would have refused is refused here, with what was expected. */

import { ConfigError } from '../config/error.ts';
import { LIST_SOURCE_EXPECTED, parseListSource } from '../lists/source.ts';
import { TICK_SECONDS } from './functions/check-function.ts';
import type { ProviderHealthProps } from './options.ts';
import { refuseProxyProp } from './proxies.ts';

interface Mistake {
  path: string;
  message: string;
}

/** @throws {ConfigError} With every mistake. */
export function checkProps(props: ProviderHealthProps): void {
  const mistakes = [
    ...sourceMistakes(props),
    ...tickMistakes(props),
    ...listMistakes(props),
    ...networkMistakes(props),
    ...proxyMistakes(props),
  ];
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}

function sourceMistakes({ providers, config, configFile }: ProviderHealthProps): Mistake[] {
  const given = Object.entries({ providers, config, configFile }).flatMap(([name, value]) =>
    value === undefined ? [] : name,
  );
  if (given.length === 1) return [];
  const got = given.length === 0 ? 'none' : given.join(' and ');
  return [
    {
      path: given[0] ?? 'providers',
      message: `expected one of providers, config and configFile, got ${got}`,
    },
  ];
}

function tickMistakes({ tickSeconds }: ProviderHealthProps): Mistake[] {
  if (tickSeconds === undefined || TICK_SECONDS.includes(tickSeconds)) return [];
  return [{ path: 'tickSeconds', message: `expected ${TICK_SECONDS.join(', ')}, got ${JSON.stringify(tickSeconds)}` }];
}

function listMistakes({ providerList }: ProviderHealthProps): Mistake[] {
  if (providerList === undefined || (typeof providerList === 'string' && parseListSource(providerList))) return [];
  return [{ path: 'providerList', message: `expected ${LIST_SOURCE_EXPECTED}, got ${JSON.stringify(providerList)}` }];
}

/** Alone they would do nothing, and the functions would stay outside. */
function networkMistakes({ vpc, vpcSubnets, securityGroups }: ProviderHealthProps): Mistake[] {
  if (vpc !== undefined || (vpcSubnets === undefined && securityGroups === undefined)) return [];
  const given = vpcSubnets === undefined ? 'securityGroups' : 'vpcSubnets';
  return [{ path: 'vpc', message: `expected the VPC of the ${given}, got none` }];
}

function proxyMistakes({ proxy }: ProviderHealthProps): Mistake[] {
  const refusal = proxy === undefined ? null : refuseProxyProp(proxy);
  return refusal === null ? [] : [{ path: 'proxy.url', message: refusal }];
}
