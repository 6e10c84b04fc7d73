/**
 * The settings that a deployment passes to its functions, as a file beside each handler. Environment variables do not fit: they
 * are limited to 4 KB, and a person who may change them could point the function at a private network.
 */

import { readFileSync } from 'node:fs';
import type { AddressPolicy } from '../egress/guard.ts';
import type { ProxySettings } from '../egress/proxy.ts';
import type { AccessSettings, Proofs } from './access.ts';

export const DEPLOYMENT_FILE = 'deployment.json';

export interface Deployment {
  /** The content of providers.json. The stack validated it at synthesis. */
  config: unknown;
  /** Which addresses may be called: `public`, or `vpc` with the stack's `allowPrivateNetwork`. */
  addressPolicy: AddressPolicy;
  /** The proxies for outgoing requests; null: none. Proxies in environment variables are ignored. */
  proxies: ProxySettings | null;
  /** Seconds between two ticks. */
  tickSeconds: number;
  /** Whether each provider has metrics of its own. */
  metricsPerProvider: boolean;
  /** Null: API Gateway alone authorizes requests. */
  access: AccessSettings | null;
  /** The proofs in the API's description. */
  proofs: Proofs;
  /** Public address of the monitor; null: the stack does not know it. */
  publicUrl: string | null;
  /** Number of shards. */
  shards: number;
  /** The provider list to read while the monitor runs; null: only the providers of `config` are declared. */
  providerList: ProviderListSettings | null;
}

export interface ProviderListSettings {
  /** `s3://bucket/key` or `ssm:/name`. */
  source: string;
  /** Prefixes of keys that the deployment may read: `ssm:/provider-health/*`. */
  keyPrefixes: readonly string[];
}

/** Reads the deployment's settings. @param handlerUrl `import.meta.url` of the handler. */
export function readDeployment(handlerUrl: string): Deployment {
  return JSON.parse(readFileSync(new URL(DEPLOYMENT_FILE, handlerUrl), 'utf8')) as Deployment;
}
