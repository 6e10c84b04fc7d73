/** The rules by which the fields of a provider must agree with each other and with its type. schema.ts checks each field alone. */

import { isSigned, refuseSigning } from '../egress/bedrock.ts';
import { type AddressPolicy, FORBIDDEN, refuseBaseUrl } from '../egress/guard.ts';
import type { ProviderType } from '../health/provider.ts';
import { looksLikeKey } from '../keys/key-like.ts';
import { parseKeyReference } from '../keys/reference.ts';
import { presetOf, supportsProbe } from '../probe/presets/presets.ts';
import type { ProviderDefaults } from './defaults.ts';
import { exampleReference, type Finding } from './issues.ts';
import type { ProviderInput } from './schema.ts';
import { secretFindings } from './secrets.ts';
import { tokenAuthFindings } from './token-auth.ts';

/** The fields of an object, divided by whether the schema accepts them. Further rules check only the accepted ones. */
export interface AcceptedFields {
  /** The accepted fields. */
  fields: Partial<ProviderInput>;
  /** Names of the refused fields. Their mistakes are reported already, so rules that depend on them report nothing. */
  refused: ReadonlySet<string>;
}

type Rule = (provider: AcceptedFields['fields'], settings: ProviderDefaults, policy: AddressPolicy) => Finding[];

/** Fields of the request body that come from settings. The judgement of the answer relies on them. */
const OWN_BODY_FIELDS: Readonly<Record<string, string>> = { model: 'model', stream: 'probe' };

/** @param settings The provider's settings, with all defaults applied. */
export function providerFindings(
  provider: AcceptedFields,
  settings: ProviderDefaults,
  policy: AddressPolicy,
): Finding[] {
  return [
    ...RULES.flatMap((rule) => rule(provider.fields, settings, policy)).filter(
      ({ path: [field] }) => !provider.refused.has(String(field)),
    ),
    ...settingsFindings(provider, settings),
  ];
}

/** Settings that do not agree with each other. They are reported where at least one of the two is set: provider or `defaults`. */
export function settingsFindings({ fields, refused }: AcceptedFields, settings: ProviderDefaults): Finding[] {
  return AGREEMENTS.flatMap(({ field, other, agree, expected, why }) => {
    const [value, bound] = [settings[field], settings[other]];
    const isSet = fields[field] !== undefined || fields[other] !== undefined;
    if (!isSet || value === null || refused.has(field) || refused.has(other) || agree(value, bound)) return [];
    return [{ path: [field], message: `${expected} ${other} (${bound}), got ${value}: ${why}.` }];
  });
}

const AGREEMENTS = [
  {
    field: 'completionEverySeconds',
    other: 'intervalSeconds',
    expected: 'expected at least',
    why: 'no check comes sooner',
    agree: (value: number, bound: number) => value >= bound,
  },
  {
    field: 'firstTokenTimeoutSeconds',
    other: 'timeoutSeconds',
    expected: 'expected at most',
    why: 'the probe ends there',
    agree: (value: number, bound: number) => value <= bound,
  },
] as const;

const RULES: readonly Rule[] = [
  function needsModel({ type, model }) {
    if (type === undefined || model !== undefined || presetOf(type).model !== null) return [];
    return [{ path: ['model'], message: `expected a model, got nothing: type ${type} has no default. Write "model".` }];
  },

  function needsBaseUrl({ type, id = type, baseUrl, apiKey = null }, _settings, policy) {
    const signs = type !== undefined && isSigned({ type, apiKey });
    const used = baseUrl ?? (type === undefined ? null : presetOf(type).baseUrl);
    if (used === null) {
      return type === undefined ? [] : [{ path: ['baseUrl'], message: missingBaseUrl(type) }];
    }
    const refusal = refuseBaseUrl(used, policy) ?? refuseApiPath(used) ?? (signs ? refuseSigning(used) : null);
    if (refusal === null) return [];
    const whose = baseUrl === undefined ? ` It is the default of type ${type}, ${used}.` : '';
    const where = refusal === FORBIDDEN ? `${id === undefined ? '' : `provider ${id}, `}host ${hostOf(used)}: ` : '';
    return [{ path: ['baseUrl'], message: `${where}${refusal}.${whose}` }];
  },

  function needsKey({ type, apiKey, auth }) {
    if (apiKey === undefined || apiKey === null) {
      if (auth !== undefined && auth !== null) return [];
      if (type === undefined || !presetOf(type).keyRequired) return [];
      const message = `expected env:, ssm: or secret: and a name, got nothing: type ${type} wants a key. Write ${exampleReference(type)}.`;
      return [{ path: ['apiKey'], message }];
    }
    if (parseKeyReference(apiKey) !== null) return [];
    const message = `expected the variable of a provider's key, got one of AWS's own, which no endpoint may see. Write ${exampleReference(type)}.`;
    return [{ path: ['apiKey'], message }];
  },

  function hasProbe({ type }, { probe, completionEverySeconds }) {
    if (type === undefined) return [];
    if (!supportsProbe(type, probe)) {
      const message = `expected another probe, got "${probe}", which type ${type} does not have. Write "completion".`;
      return [{ path: ['probe'], message }];
    }
    if (completionEverySeconds === null || supportsProbe(type, 'models')) return [];
    const message = `expected nothing, got ${completionEverySeconds}: type ${type} has no list of models to ask for in between. Remove it, or write null.`;
    return [{ path: ['completionEverySeconds'], message }];
  },

  function agreesWithToken(provider, _settings, policy) {
    return tokenAuthFindings(provider, policy);
  },

  secretFindings,

  function namesHeadersOnce({ headers = {} }) {
    const names = Object.keys(headers);
    return names.flatMap((name, index): Finding[] => {
      const first = names.findIndex((other) => other.toLowerCase() === name.toLowerCase());
      if (first === index) return [];
      return [
        {
          path: ['headers', name],
          message: `expected each header once, got it also as "${names[first]}". Remove one.`,
        },
      ];
    });
  },

  function leavesOwnFields({ body = {} }) {
    return Object.keys(body).flatMap((field): Finding[] => {
      const setting = Object.hasOwn(OWN_BODY_FIELDS, field) ? OWN_BODY_FIELDS[field] : undefined;
      if (setting === undefined) return [];
      return [{ path: ['body', field], message: `expected it not to be here: it comes from "${setting}". Remove it.` }];
    });
  },
];

/** The host of a URL that an address policy refused. A name that looks like a key is not shown. */
function hostOf(url: string): string {
  const { host } = new URL(url);
  return looksLikeKey(host) ? '***' : host;
}

/** Paths that a probe appends to the base URL. */
const API_PATH =
  /(\/chat\/completions|\/completions|\/responses|\/messages|\/v2\/chat|:(stream)?generateContent|\/converse(-stream)?)\/*$/i;

function refuseApiPath(baseUrl: string): string | null {
  const path = API_PATH.exec(baseUrl)?.[1];
  if (path === undefined) return null;
  return `expected the URL without the API's path, got one that ends in "${path}", which the probe appends. Remove "${path}"`;
}

function missingBaseUrl(type: ProviderType): string {
  return `expected the endpoint's URL, got nothing: type ${type} has no default. Write "https://…".`;
}
