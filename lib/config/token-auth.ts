/**
 * The schema of a provider's `auth` (credentials for which a token endpoint returns access tokens), its defaults, and the rules by
 * which it must agree with the provider.
 */

import * as z from 'zod';
import { refuseGoogleToken } from '../egress/google.ts';
import { type AddressPolicy, refuseBaseUrl, refuseUrl } from '../egress/guard.ts';
import type { ProviderType, TokenAuth } from '../health/provider.ts';
import { presetOf } from '../probe/presets/presets.ts';
import { object, reference, text } from './fields.ts';
import type { Finding } from './issues.ts';

const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';
const ENTRA_URL = 'https://login.microsoftonline.com';
const AZURE_SCOPE = 'https://cognitiveservices.azure.com/.default';

/** A gateway may require access tokens of either kind. */
const ANY = ['openai-compatible', 'anthropic-compatible'] as const;
const TYPES: Readonly<Record<TokenAuth['type'], readonly ProviderType[]>> = {
  'google-service-account': ['vertex', ...ANY],
  'entra-client': ['azure', ...ANY],
};

const tokenUrl = (usual: string) =>
  z
    .string({ error: 'expected a URL that starts with https://' })
    .optional()
    .describe(`The token endpoint. Default "${usual}".`);

export const tokenAuthSchema = z.discriminatedUnion(
  'type',
  [
    object('the key of a service account', {
      type: z.literal('google-service-account'),
      key: reference('the key of a service account', 'secret:vertex-key').describe(
        'Reference to the whole JSON file of the key.',
      ),
      tokenUrl: tokenUrl(GOOGLE_TOKEN_URL),
    }),
    object('a client of Entra ID', {
      type: z.literal('entra-client'),
      tenantId: text('the id or the domain of a tenant', /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/).describe(
        'Id or domain of the tenant (directory).',
      ),
      clientId: text('the id of an application', /^[A-Za-z0-9][A-Za-z0-9.:/_-]{0,127}$/).describe(
        'Id of the application (client).',
      ),
      clientSecret: reference('a client secret', 'secret:azure#clientSecret').describe('Reference to its secret.'),
      scope: text('a scope, such as "https://ai.azure.com/.default"', /^[\x21-\x7e]{1,256}$/)
        .optional()
        .describe(`What the token is for. Default "${AZURE_SCOPE}".`),
      tokenUrl: tokenUrl(`${ENTRA_URL}/<tenantId>/oauth2/v2.0/token`),
    }),
  ],
  { error: 'expected a type of credentials' },
);

type TokenAuthInput = z.output<typeof tokenAuthSchema>;

/** The settings with every default applied. */
export function toTokenAuth(input: TokenAuthInput | null | undefined): TokenAuth | null {
  if (!input) return null;
  switch (input.type) {
    case 'google-service-account':
      return { type: input.type, key: input.key, tokenUrl: input.tokenUrl ?? GOOGLE_TOKEN_URL };
    case 'entra-client': {
      const { type, tenantId, clientId, clientSecret, scope = AZURE_SCOPE } = input;
      const url = input.tokenUrl ?? `${ENTRA_URL}/${tenantId}/oauth2/v2.0/token`;
      return { type, clientId, clientSecret, scope, tokenUrl: url };
    }
    default: {
      const never: never = input;
      return never;
    }
  }
}

interface Agreeing {
  type?: ProviderType | undefined;
  apiKey?: string | null | undefined;
  auth?: unknown;
  baseUrl?: string | undefined;
}

/** Mistakes between `auth` and the other fields. None if the schema already refuses `auth`. */
export function tokenAuthFindings({ type, apiKey, auth, baseUrl }: Agreeing, policy: AddressPolicy): Finding[] {
  const parsed = tokenAuthSchema.safeParse(auth);
  if (!parsed.success || type === undefined) return [];
  const settings = parsed.data;
  const at = (message: string, ...path: string[]): Finding => ({ path: ['auth', ...path], message });
  if (apiKey !== undefined && apiKey !== null) return [at('expected it without "apiKey", got both. Remove one.')];
  const types = TYPES[settings.type];
  if (!types.includes(type)) {
    return [at(`expected "apiKey", got "${settings.type}", which is for ${types.join(', ')}. Remove it.`)];
  }
  const tokens = settings.tokenUrl === undefined ? null : refuseUrl(settings.tokenUrl, policy);
  if (tokens !== null) return [at(`${tokens}.`, 'tokenUrl')];
  const used = baseUrl ?? presetOf(type).baseUrl;
  // Other mistakes in the address are reported by the rule for all providers.
  if (settings.type !== 'google-service-account' || used === null || refuseBaseUrl(used, policy) !== null) return [];
  const refusal = refuseGoogleToken(used);
  return refusal === null ? [] : [{ path: ['baseUrl'], message: `${refusal}.` }];
}
