/** The settings of a command that reads a providers.json: the file, and the proxies of the environment. */

import { ConfigError } from '../config/error.ts';
import { loadConfig } from '../config/load.ts';
import type { MonitorConfig } from '../config/schema.ts';
import type { AddressPolicy } from '../egress/guard.ts';
import { ProxySettingError, type ProxySettings, proxiesOf } from '../egress/proxy.ts';

export interface CommandSettings {
  config: MonitorConfig;
  /** Null: the environment names no proxy. */
  proxies: ProxySettings | null;
  addressPolicy: AddressPolicy;
}

/** Null after printing every mistake on stderr. */
export function readSettings(configFile: string, allowPrivateNetwork: boolean): CommandSettings | null {
  const addressPolicy = allowPrivateNetwork ? 'private' : 'public';
  try {
    return { config: loadConfig(configFile, { addressPolicy }), proxies: proxiesOf(process.env), addressPolicy };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ProxySettingError)) throw error;
    const count = error instanceof ConfigError ? error.issues.length : 1;
    const heading = count === 1 ? '' : `${configFile}: ${count} mistakes\n`;
    process.stderr.write(`${heading}${error.message}\n`);
    return null;
  }
}
