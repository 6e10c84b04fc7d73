/** Validates the props, also for JavaScript callers, where no compiler refuses wrong types. */

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
    ...tableMistakes(props),
    ...functionMistakes(props),
    ...nameMistakes(props),
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

/** Subnets and security groups have no effect without a VPC. */
function networkMistakes({ vpc, vpcSubnets, securityGroups }: ProviderHealthProps): Mistake[] {
  if (vpc !== undefined || (vpcSubnets === undefined && securityGroups === undefined)) return [];
  const given = vpcSubnets === undefined ? 'securityGroups' : 'vpcSubnets';
  return [{ path: 'vpc', message: `expected the VPC of the ${given}, got none` }];
}

function proxyMistakes({ proxy }: ProviderHealthProps): Mistake[] {
  const refusal = proxy === undefined ? null : refuseProxyProp(proxy);
  return refusal === null ? [] : [{ path: 'proxy.url', message: refusal }];
}

function tableMistakes({ table, tableStreamArn }: ProviderHealthProps): Mistake[] {
  if (table === undefined || tableStreamArn === undefined) return [];
  return [{ path: 'tableStreamArn', message: 'expected the table once, got it also as table. Remove one' }];
}

/** Lambda's limit for names and values together. OWN_BYTES are for the monitor's own variables. */
const ENVIRONMENT_BYTES = 4096;
const OWN_BYTES = 512;
const RESERVED = /^(?:_|AWS_(?:ACCESS_KEY|SECRET|SESSION_TOKEN|REGION|DEFAULT_REGION|EXECUTION_ENV|LAMBDA_)|LAMBDA_)/;

function functionMistakes({ environment = {}, memorySize = {} }: ProviderHealthProps): Mistake[] {
  const names = Object.keys(environment);
  const wrong = names.filter((name) => !/^[A-Za-z][A-Za-z0-9_]+$/.test(name) || RESERVED.test(name));
  const bytes = names.reduce(
    (sum, name) => sum + Buffer.byteLength(name) + Buffer.byteLength(environment[name] ?? ''),
    0,
  );
  return [
    ...wrong.map((name) => ({
      path: `environment.${name}`,
      message: 'expected a name of letters, digits and "_" that Lambda does not reserve. Choose another',
    })),
    ...(bytes > ENVIRONMENT_BYTES - OWN_BYTES
      ? [
          {
            path: 'environment',
            message: `expected at most ${ENVIRONMENT_BYTES - OWN_BYTES} bytes, since Lambda takes ${ENVIRONMENT_BYTES} with the monitor's own, got ${bytes}. Keep long values in Parameter Store`,
          },
        ]
      : []),
    ...Object.entries(memorySize)
      .filter(([, mib]) => mib !== undefined && !(Number.isInteger(mib) && mib >= 128 && mib <= 10_240))
      .map(([name, mib]) => ({
        path: `memorySize.${name}`,
        message: `expected a whole number of MiB from 128 to 10240, got ${JSON.stringify(mib)}`,
      })),
  ];
}

/** An alarm's description has at most 1024 characters, and contains the address of the runbook. */
const LONGEST_RUNBOOK = 500;

function nameMistakes({ runbookUrl, apiName }: ProviderHealthProps): Mistake[] {
  const mistakes: Mistake[] = [];
  if (runbookUrl !== undefined && !(/^https?:\/\/\S+$/.test(runbookUrl) && runbookUrl.length <= LONGEST_RUNBOOK)) {
    const message = `expected an address of at most ${LONGEST_RUNBOOK} characters that starts with https://, got ${JSON.stringify(runbookUrl).slice(0, 60)}`;
    mistakes.push({ path: 'runbookUrl', message });
  }
  if (apiName !== undefined && !/^.{1,128}$/.test(apiName)) {
    mistakes.push({ path: 'apiName', message: `expected 1 to 128 characters, got ${apiName.length}` });
  }
  return mistakes;
}
