/**
 * What a deployment gives its functions: one file beside each handler. Not environment variables, which hold 4 KB, and
 * which a person who may configure a function could use to point it at a private network. parse.ts checks the content.
 */

import { readFileSync } from 'node:fs';
import type { AddressPolicy } from '../egress/guard.ts';
import type { ProxySettings } from '../egress/proxy.ts';
import type { AccessSettings, Proofs } from './access.ts';

export const DEPLOYMENT_FILE = 'deployment.json';

export interface Deployment {
  /** The content of providers.json, as it was written and as it was validated when the stack was synthesized. */
  config: unknown;
  /** Which addresses may be called: `public`, or `vpc` with the stack's `allowPrivateNetwork`. */
  addressPolicy: AddressPolicy;
  /** Through which proxies they are called; null: none. Never what the environment says. */
  proxies: ProxySettings | null;
  /** Seconds between two ticks. */
  tickSeconds: number;
  /** Whether each provider has metrics of its own. */
  metricsPerProvider: boolean;
  /** Null: API Gateway alone decides who is let in. */
  access: AccessSettings | null;
  /** For the description of the API. */
  proofs: Proofs;
  /** Where people reach the monitor, as the stack says; null: it does not know. */
  publicUrl: string | null;
  /** In how many parts the providers are checked. */
  shards: number;
  /** Where a list of providers is read while the monitor runs; null: only those of `config` are declared. */
  providerList: ProviderListSettings | null;
}

export interface ProviderListSettings {
  /** `s3://bucket/key` or `ssm:/name`. */
  source: string;
  /** Folders of keys that may be read as a whole: `ssm:/provider-health/*`. */
  keyPrefixes: readonly string[];
}

/** Reads the deployment of the handler that runs. @param handlerUrl The handler's `import.meta.url`. */
export function readDeployment(handlerUrl: string): Deployment {
  return JSON.parse(readFileSync(new URL(DEPLOYMENT_FILE, handlerUrl), 'utf8')) as Deployment;
}
