import { describe, expect, test } from 'vitest';
import { ConfigError, type ConfigIssue } from '../../lib/config/error.ts';
import { parseConfig } from '../../lib/config/parse.ts';

const OPENAI = { type: 'openai', apiKey: 'env:OPENAI_API_KEY' };
const COMPATIBLE = { type: 'openai-compatible', model: 'm', baseUrl: 'https://llm.example.com/v1' };
const KEY = 'sk-proj-4fQ9ZkT7wXy2Lm8R';

function mistakesOf(json: unknown): readonly ConfigIssue[] {
  try {
    parseConfig(json, { addressPolicy: 'public' });
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    throw error;
  }
  return [];
}

const linesOf = (json: unknown) => mistakesOf(json).map(({ path, message }) => `${path}: ${message}`);

const ADDRESS =
  'expected https and a host on the internet. Private addresses need allowPrivateNetwork (--allow-private-network), others are never allowed.';
const REFERENCE = 'expected env:, ssm: or secret: and a name';
const HEADER =
  'expected a header name that may be set: not one that the client sets, nor authorization (use "apiKey").';
const URL_OR_REFERENCE = 'expected a URL that starts with https://, or env:, ssm: or secret: and the name of one';
const TIMEOUT = 'expected a number of seconds from 0.1 to 25 (a check and its confirmation must end within a tick)';
const TAG = 'expected a tag of 1 to 32 letters, digits, ".", "_" and "-"';
const ID = 'expected an id of lower-case letters, digits and "-", at most 63, such as "openai-eu"';
const MODEL = 'expected a model name of visible ASCII characters, at most 200';
const HEADER_VALUE = 'expected visible ASCII characters, at most 1024';
const TYPES =
  'Write one of openai, claude, glm, gemini, cohere, bedrock, vertex, azure, bedrock-openai, mistral, groq, deepseek, xai, openrouter, together, fireworks, perplexity, kimi, qwen, minimax, cerebras, sambanova, nvidia, huggingface, deepinfra, ollama, vllm, lmstudio, litellm, openai-compatible, anthropic-compatible.';

const PASTED = 'expected a name, got a text that looks like a key. A key goes into "apiKey", as "env:NAME".';
const LITERAL = `${REFERENCE}, since it looks like a key; got a literal. Write "env:NAME".`;
/** One key of each known kind, and two random ones. */
const KEY_LIKE = [
  KEY,
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  'AKIAIOSFODNN7EXAMPLE',
  'AIzaSyA1234567890_abcdefghijklm',
  'Bearer abcdef',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  'xoxb-123456789012-abcdefghijkl',
  'Zq8v+T1mXw4L/r7PnKc2Jd_hG5sB9-uE3kQ=',
  'tag 4f0d5c9be1a2437f8e6d1c0b9a8f7e6d',
];

const VERTEX = {
  type: 'vertex',
  apiKey: undefined,
  baseUrl: 'https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/publishers/google',
};
const GOOGLE = { type: 'google-service-account', key: 'secret:vertex' };
const AZURE = { type: 'azure', apiKey: undefined, model: 'm', baseUrl: 'https://r.openai.azure.com/openai/v1' };
const ENTRA = { type: 'entra-client', tenantId: 'contoso.com', clientId: 'app', clientSecret: 'ssm:/azure' };

const AUTH_MISTAKES: [wrong: Record<string, unknown>, line: string][] = [
  [{ auth: 'secret:vertex' }, 'auth: expected a type of credentials, got a text of 13 characters.'],
  [
    { ...VERTEX, auth: { ...GOOGLE, type: 'google' } },
    'auth.type: expected a type of credentials, got "google". Did you mean "google-service-account"?',
  ],
  [
    { ...VERTEX, auth: { ...GOOGLE, key: '{"private_key":"-----BEGIN PRIVATE KEY-----"}' } },
    'auth.key: expected env:, ssm: or secret: and the name of the key of a service account, such as "secret:vertex-key", got a text of 45 characters.',
  ],
  [
    { ...VERTEX, auth: { ...GOOGLE, key: 'env:AWS_SECRET_ACCESS_KEY' } },
    'auth.key: expected env:, ssm: or secret: and the name of the key of a service account, such as "secret:vertex-key", got a text of 25 characters.',
  ],
  [{ ...VERTEX, auth: { ...GOOGLE, scope: 'all' } }, 'auth.scope: unknown field. Remove it.'],
  [{ ...VERTEX, auth: GOOGLE, apiKey: 'env:KEY' }, 'auth: expected it without "apiKey", got both. Remove one.'],
  [
    { type: 'openai', apiKey: undefined, auth: ENTRA },
    'auth: expected "apiKey", got "entra-client", which is for azure, openai-compatible, anthropic-compatible. Remove it.',
  ],
  [
    { ...VERTEX, baseUrl: 'https://vertex.attacker.example/projects/p', auth: GOOGLE },
    'baseUrl: expected a host of Vertex AI such as https://europe-west1-aiplatform.googleapis.com, since tokens of a service account go nowhere else. Correct it, or set apiKey.',
  ],
  [
    { ...VERTEX, baseUrl: undefined, auth: GOOGLE },
    'baseUrl: expected the URL of a project, which tokens are for, such as https://europe-west1-aiplatform.googleapis.com/v1/projects/NAME/locations/europe-west1/publishers/google. Correct it.',
  ],
  [{ ...VERTEX, auth: { ...GOOGLE, tokenUrl: 'http://10.0.0.1/token' } }, `auth.tokenUrl: ${ADDRESS}`],
  [
    { ...AZURE, auth: { ...ENTRA, tenantId: 'a/../b' } },
    'auth.tenantId: expected the id or the domain of a tenant, got "a/../b".',
  ],
  [
    { ...AZURE, auth: { ...ENTRA, clientSecret: undefined } },
    'auth.clientSecret: expected env:, ssm: or secret: and the name of a client secret, such as "secret:azure#clientSecret", got nothing.',
  ],
];

/** One mistake in an otherwise correct provider, and the one line of the error about it. */
const IN_PROVIDER: [wrong: Record<string, unknown>, line: string][] = [
  [{ apiKey: KEY }, `apiKey: ${REFERENCE}, got a literal. Write "env:OPENAI_API_KEY".`],
  [{ apiKey: '' }, `apiKey: ${REFERENCE}, got a literal. Write "env:OPENAI_API_KEY".`],
  [{ apiKey: 'ssm:openai' }, `apiKey: ${REFERENCE}, got a literal. Write "env:OPENAI_API_KEY".`],
  [{ apiKey: 5 }, `apiKey: ${REFERENCE}, got 5. Write "env:OPENAI_API_KEY".`],
  [{ apiKey: { key: KEY } }, `apiKey: ${REFERENCE}, got an object. Write "env:OPENAI_API_KEY".`],
  [{ type: 'claude', apiKey: KEY }, `apiKey: ${REFERENCE}, got a literal. Write "env:ANTHROPIC_API_KEY".`],
  [{ type: 'groq', apiKey: KEY }, `apiKey: ${REFERENCE}, got a literal. Write "env:GROQ_API_KEY".`],
  [
    { type: 'bedrock', apiKey: null, baseUrl: 'https://llm.example.com' },
    'baseUrl: expected a host of Bedrock such as https://bedrock-runtime.eu-central-1.amazonaws.com, since requests without a key are signed by AWS credentials, which go nowhere else. Correct it, or set apiKey.',
  ],
  [{ apiKey: undefined }, `apiKey: ${REFERENCE}, got nothing: type openai wants a key. Write "env:OPENAI_API_KEY".`],
  [
    { apiKey: 'env:AWS_SECRET_ACCESS_KEY' },
    'apiKey: expected the variable of a provider\'s key, got one of AWS\'s own, which no endpoint may see. Write "env:OPENAI_API_KEY".',
  ],
  [{ type: 'anthropic' }, 'type: expected a provider type, got "anthropic". Did you mean "claude"?'],
  [{ type: 'OpenAI' }, 'type: expected a provider type, got "OpenAI". Did you mean "openai"?'],
  [{ type: 'opnai' }, 'type: expected a provider type, got "opnai". Did you mean "openai"?'],
  [{ type: 'skynet' }, `type: expected a provider type, got "skynet". ${TYPES}`],
  [{ type: KEY }, `type: expected a provider type, got a text of 24 characters. ${TYPES}`],
  [{ type: undefined }, `type: expected a provider type, got nothing. ${TYPES}`],
  [{ id: 'Open AI' }, `id: ${ID}, got "Open AI".`],
  [{ id: '-a' }, `id: ${ID}, got "-a".`],
  [{ id: 'a/b' }, `id: ${ID}, got "a/b".`],
  [{ id: 'a'.repeat(64) }, `id: ${ID}, got a text of 64 characters.`],
  [{ id: '' }, `id: ${ID}, got "".`],
  [{ model: '' }, `model: ${MODEL}, got "".`],
  [{ model: 'gpt 6' }, `model: ${MODEL}, got "gpt 6".`],
  [
    { type: 'azure', baseUrl: COMPATIBLE.baseUrl },
    'model: expected a model, got nothing: type azure has no default. Write "model".',
  ],
  [
    { type: 'azure', model: 'm' },
    'baseUrl: expected the endpoint\'s URL, got nothing: type azure has no default. Write "https://…".',
  ],
  [
    { type: 'ollama', model: 'm' },
    `baseUrl: provider ollama, host localhost:11434: ${ADDRESS} It is the default of type ollama, http://localhost:11434/v1.`,
  ],
  [{ id: 'own', baseUrl: 'https://10.0.0.1/v1' }, `baseUrl: provider own, host 10.0.0.1: ${ADDRESS}`],
  [{ baseUrl: 'http://llm.example.com/v1' }, `baseUrl: provider openai, host llm.example.com: ${ADDRESS}`],
  [{ baseUrl: `http://${KEY}.example.com/v1` }, `baseUrl: provider openai, host ***: ${ADDRESS}`],
  [{ baseUrl: 'llm.example.com' }, 'baseUrl: expected a URL that starts with https://.'],
  [{ baseUrl: `https://user:${KEY}@llm.example.com` }, 'baseUrl: expected a URL without user or password.'],
  [
    { baseUrl: 'https://llm.example.com/v1/chat/completions' },
    'baseUrl: expected the URL without the API\'s path, got one that ends in "/chat/completions", which the probe appends. Remove "/chat/completions".',
  ],
  [
    { baseUrl: 'https://llm.example.com/v1/messages/' },
    'baseUrl: expected the URL without the API\'s path, got one that ends in "/messages", which the probe appends. Remove "/messages".',
  ],
  [
    { baseUrl: 'https://llm.example.com/v1beta/models/m:generateContent' },
    'baseUrl: expected the URL without the API\'s path, got one that ends in ":generateContent", which the probe appends. Remove ":generateContent".',
  ],
  [{ baseUrl: 'https://llm.example.com:0/v1' }, 'baseUrl: expected a port from 1 to 65535: nothing listens at port 0.'],
  [{ baseUrl: 8080 }, 'baseUrl: expected a URL that starts with https://, got 8080.'],
  [{ headers: ['a'] }, 'headers: expected an object of texts, got a list of 1.'],
  [{ headers: { 'x-a': 1 } }, `headers.x-a: ${HEADER_VALUE}, got 1.`],
  [{ headers: { 'x-a': 'a\r\nb: c' } }, `headers.x-a: ${HEADER_VALUE}, got a text of 7 characters.`],
  [{ headers: { 'x-a': 'a\u0000' } }, `headers.x-a: ${HEADER_VALUE}, got a text of 2 characters.`],
  [{ headers: { 'x a': '1' } }, `headers["x a"]: ${HEADER}`],
  [{ headers: { 'x-a\r\n': '1' } }, `headers["x-a\\r\\n"]: ${HEADER}`],
  ...[
    'Host',
    'Authorization',
    'Content-Length',
    'transfer-encoding',
    'Connection',
    'Proxy-Authorization',
    'proxy-anything',
    'Upgrade',
    'Expect',
  ].map((name): [Record<string, unknown>, string] => [{ headers: { [name]: KEY } }, `headers.${name}: ${HEADER}`]),
  [
    { headers: { 'X-Team': 'a', 'x-team': 'b' } },
    'headers.x-team: expected each header once, got it also as "X-Team". Remove one.',
  ],
  ...[
    'x-api-key',
    'Cookie',
    'x-auth-token',
    'X-Client-Secret',
    'ocp-apim-subscription-key',
    'x-key',
    'helicone-auth',
  ].map((name): [Record<string, unknown>, string] => [
    { headers: { [name]: 'short' } },
    `headers.${name}: ${REFERENCE}, since such a header carries a key; got a literal. Write "env:NAME".`,
  ]),
  ...KEY_LIKE.map((text): [Record<string, unknown>, string] => [
    { headers: { 'x-team': text } },
    `headers.x-team: ${LITERAL}`,
  ]),
  ...KEY_LIKE.map((text): [Record<string, unknown>, string] => [
    { body: { metadata: [{ user: text }] } },
    `body.metadata[0].user: ${LITERAL}`,
  ]),
  [
    { headers: { 'x-team': 'env:AWS_SECRET_ACCESS_KEY' } },
    'headers.x-team: expected the variable of a key, got one of AWS\'s own, which no endpoint may see. Write "env:NAME".',
  ],
  [
    { body: { session: { accessToken: 'short' } } },
    `body.session.accessToken: ${REFERENCE}, since such a field holds a key; got a literal. Write "env:NAME".`,
  ],
  [
    { type: 'azure', model: 'm', baseUrl: COMPATIBLE.baseUrl, headers: { 'Api-Key': 'env:OTHER' } },
    'headers.Api-Key: expected it not to be here: type azure puts apiKey there. Remove one.',
  ],
  ...['sk-live-0123456789abcdef', '4f0d5c9be1a2437f8e6d1c0b9a8f7e6d', 'env:AWS_SESSION_TOKEN'].map(
    (segment): [Record<string, unknown>, string] => [
      { baseUrl: `https://llm.example.com/${segment}/v1` },
      'baseUrl: expected a path without a key, got a segment that looks like one. Write a reference in its place, such as "https://llm.example.com/env:NAME/v1".',
    ],
  ),
  [
    { baseUrl: `https://llm.example.com/v1?key=${KEY}` },
    'baseUrl: expected a URL without "?" and "#": paths are appended to it.',
  ],
  [{ body: [] }, 'body: expected an object, got a list of 0.'],
  [{ body: { model: 'x' } }, 'body.model: expected it not to be here: it comes from "model". Remove it.'],
  [{ body: { stream: true } }, 'body.stream: expected it not to be here: it comes from "probe". Remove it.'],
  ...AUTH_MISTAKES,
  [{ maxTokens: 0 }, 'maxTokens: expected a whole number of tokens from 1 to 4096, got 0.'],
  [{ intervalSeconds: 0 }, 'intervalSeconds: expected a whole number of seconds from 1 to 86400, got 0.'],
  [{ intervalSeconds: 1.5 }, 'intervalSeconds: expected a whole number of seconds from 1 to 86400, got 1.5.'],
  [{ intervalSeconds: '60' }, 'intervalSeconds: expected a whole number of seconds from 1 to 86400, got "60".'],
  [{ intervalSeconds: 86_401 }, 'intervalSeconds: expected a whole number of seconds from 1 to 86400, got 86401.'],
  [{ timeoutSeconds: 26 }, `timeoutSeconds: ${TIMEOUT}, got 26.`],
  [{ timeoutSeconds: 0 }, `timeoutSeconds: ${TIMEOUT}, got 0.`],
  [{ timeoutSeconds: null }, `timeoutSeconds: ${TIMEOUT}, got null.`],
  [
    { timeoutSeconds: 3, firstTokenTimeoutSeconds: 5 },
    'firstTokenTimeoutSeconds: expected at most timeoutSeconds (3), got 5: the probe ends there.',
  ],
  [
    { firstTokenTimeoutSeconds: 11 },
    'firstTokenTimeoutSeconds: expected at most timeoutSeconds (10), got 11: the probe ends there.',
  ],
  [
    { completionEverySeconds: 59 },
    'completionEverySeconds: expected at least intervalSeconds (60), got 59: no check comes sooner.',
  ],
  [
    { type: 'perplexity', completionEverySeconds: 600 },
    'completionEverySeconds: expected nothing, got 600: type perplexity has no list of models to ask for in between. Remove it, or write null.',
  ],
  [{ targetResponseMs: 0 }, 'targetResponseMs: expected a whole number of milliseconds from 1 to 600000, got 0.'],
  [{ probe: 'chat' }, 'probe: expected "completion", "stream" or "models", got "chat".'],
  [
    { type: 'perplexity', probe: 'models' },
    'probe: expected another probe, got "models", which type perplexity does not have. Write "completion".',
  ],
  [{ maxTokensPerDay: -1 }, 'maxTokensPerDay: expected a whole number of tokens from 0 to 1000000000, got -1.'],
  [{ blacklistAfter: 0 }, 'blacklistAfter: expected a whole number of checks from 1 to 100, got 0.'],
  [{ recoveryThreshold: 101 }, 'recoveryThreshold: expected a whole number of checks from 1 to 100, got 101.'],
  [{ tags: 'a' }, 'tags: expected a list of at most 10 tags, got "a".'],
  [{ tags: ['ok', 'a b'] }, `tags[1]: ${TAG}, got "a b".`],
  [{ tags: Array(11).fill('a') }, 'tags: expected a list of at most 10 tags, got a list of 11.'],
  [{ enabled: 'yes' }, 'enabled: expected true or false, got "yes".'],
  [
    { maintenance: [{ cron: '0 25 * * *', durationMinutes: 1 }] },
    'maintenance[0].cron: expected five cron fields that come true, such as "0 3 * * 0" for Sundays at 3, got a text of 10 characters.',
  ],
  [
    { maintenance: [{ cron: '0 0 30 2 *', durationMinutes: 1 }] },
    'maintenance[0].cron: expected five cron fields that come true, such as "0 3 * * 0" for Sundays at 3, got a text of 10 characters.',
  ],
  [
    { maintenance: [{ cron: '@daily', durationMinutes: 1 }] },
    'maintenance[0].cron: expected five cron fields that come true, such as "0 3 * * 0" for Sundays at 3, got "@daily".',
  ],
  [
    { maintenance: [{ cron: '0 3 * * 0', timeZone: 'Mars/Phobos', durationMinutes: 1 }] },
    'maintenance[0].timeZone: expected an IANA time zone, such as "Europe/Berlin", got "Mars/Phobos".',
  ],
  [
    { maintenance: [{ cron: '0 3 * * 0' }] },
    'maintenance[0].durationMinutes: expected a whole number of minutes from 1 to 10080, got nothing.',
  ],
  [{ maintenance: [7] }, 'maintenance[0]: expected an object with "cron" and "durationMinutes", got 7.'],
  [
    { maintenance: [{ cron: '0 3 * * 0', durationMinutes: 1, duration: 2 }] },
    'maintenance[0].duration: unknown field. Did you mean "durationMinutes"?',
  ],
  [{ api_key: KEY }, 'api_key: unknown field. Did you mean "apiKey"?'],
  [{ timeout: 5 }, 'timeout: unknown field. Did you mean "timeoutSeconds"?'],
  [{ base_url: 'x' }, 'base_url: unknown field. Did you mean "baseUrl"?'],
  [{ url: 'x' }, 'url: unknown field. Did you mean "baseUrl"?'],
  [{ modle: 'x' }, 'modle: unknown field. Did you mean "model"?'],
  [{ colour: 'red' }, 'colour: unknown field. Remove it.'],
];

describe('one mistake in a provider, also headers that it may not set (K7)', () => {
  test.each(IN_PROVIDER)('%j', (wrong, line) => {
    expect(linesOf({ providers: [COMPATIBLE, { ...OPENAI, ...wrong }] })).toEqual([`providers[1].${line}`]);
  });
});

describe('one mistake elsewhere', () => {
  test.each([
    [[], ': expected an object with "providers", got a list of 0.'],
    [null, ': expected an object with "providers", got null.'],
    [{}, 'providers: expected a list of at most 10000 providers, got nothing.'],
    [{ providers: {} }, 'providers: expected a list of at most 10000 providers, got an object.'],
    [{ providers: ['openai'] }, 'providers[0]: expected an object with at least "type", got "openai".'],
    [{ providers: [], provider: [] }, 'provider: unknown field. Did you mean "providers"?'],
    [{ providers: [], defaults: 5 }, 'defaults: expected an object of settings, got 5.'],
    [{ providers: [], defaults: { timeoutSeconds: 60 } }, `defaults.timeoutSeconds: ${TIMEOUT}, got 60.`],
    [{ providers: [], defaults: { headers: { a: 'b' } } }, 'defaults.headers: unknown field. Remove it.'],
    [{ providers: [], defaults: { apiKey: 'env:K' } }, 'defaults.apiKey: unknown field. Remove it.'],
    [
      { providers: [], defaults: { completionEverySeconds: 30 } },
      'defaults.completionEverySeconds: expected at least intervalSeconds (60), got 30: no check comes sooner.',
    ],
    [
      { providers: [{ ...OPENAI, intervalSeconds: 900 }], defaults: { completionEverySeconds: 600 } },
      'providers[0].completionEverySeconds: expected at least intervalSeconds (900), got 600: no check comes sooner.',
    ],
    [
      { providers: [OPENAI, OPENAI] },
      'providers[1].id: expected an id of its own, got its type "openai", which is also that of providers[0]. Write "id": "openai-2".',
    ],
    [
      { providers: [OPENAI, { ...COMPATIBLE, id: 'openai' }] },
      'providers[1].id: expected an id of its own, got "openai", which is also that of providers[0]. Write "id": "openai-2".',
    ],
    [
      { providers: [], witnesses: ['one.one.one.one'] },
      'witnesses[0]: expected a host and its port, such as "one.one.one.one:443", got "one.one.one.one".',
    ],
    [{ providers: [], witnesses: ['10.0.0.1:443'] }, `witnesses[0]: ${ADDRESS}`],
    [
      { providers: [], witnesses: ['example.com:99999'] },
      'witnesses[0]: expected a URL with a host, such as "https://api.example.com/v1".',
    ],
    [{ providers: [], heartbeatUrl: 'https://169.254.169.254/' }, `heartbeatUrl: ${ADDRESS}`],
    [{ providers: [], heartbeatUrl: 'ping' }, `heartbeatUrl: ${URL_OR_REFERENCE}.`],
    [
      { providers: [], publicUrl: 'health.example.com' },
      'publicUrl: expected an address without query that starts with https:// or http://, got "health.example.com".',
    ],
    [
      { providers: [], publicUrl: 'https://h.example/?a=1' },
      'publicUrl: expected an address without query that starts with https:// or http://, got a text of 22 characters.',
    ],
    [{ providers: [], heartbeatUrl: 1 }, `heartbeatUrl: ${URL_OR_REFERENCE}, got 1.`],
    [
      { providers: [], registeredKeys: ['ssm:/later'] },
      'registeredKeys[0]: expected an object with "apiKey" and "hosts", got a text of 10 characters.',
    ],
    [
      { providers: [], registeredKeys: [{ apiKey: KEY, hosts: ['api.example.com'] }] },
      `registeredKeys[0].apiKey: ${REFERENCE}, got a literal. Write "env:OPENAI_API_KEY".`,
    ],
    [
      { providers: [], registeredKeys: [{ apiKey: 'env:AWS_SECRET_ACCESS_KEY', hosts: ['api.example.com'] }] },
      `registeredKeys[0].apiKey: ${REFERENCE}, got a literal. Write "env:OPENAI_API_KEY".`,
    ],
    [
      { providers: [], registeredKeys: [{ apiKey: 'env:K', hosts: [] }] },
      'registeredKeys[0].hosts: expected at least one host, got a list of 0.',
    ],
    ...['*.example.com', 'https://a.example.com/v1', 'user@a.example.com', 'a.example.com:99999', 'ftp://a'].map(
      (host): [unknown, string] => [
        { providers: [], registeredKeys: [{ apiKey: 'env:K', hosts: [host] }] },
        `registeredKeys[0].hosts[0]: expected a host such as "api.example.com" or "api.example.com:8443", with http:// before it where http is allowed, got ${host.length > 8 ? `a text of ${host.length} characters` : JSON.stringify(host)}.`,
      ],
    ),
  ])('%j', (json, line) => {
    expect(linesOf(json)).toEqual([line]);
  });
});

describe('many mistakes', () => {
  test('are all named at once, in the order of the file', () => {
    const lines = linesOf({
      version: 1,
      providers: [
        { type: 'openai', timeoutSeconds: 99, apiKey: KEY, headers: { Host: 'a', 'x-a': 1, 'X-A': 'b' } },
        { id: 'UPPER', type: 'azure', apiKey: 'env:K', baseUrl: 'https://localhost' },
        { ...OPENAI },
      ],
      heartbeatUrl: 'http://127.0.0.1',
    });
    expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'version',
      'providers[0].timeoutSeconds',
      'providers[0].apiKey',
      'providers[0].headers.Host',
      'providers[0].headers.x-a',
      'providers[0].headers.X-A',
      'providers[1].id',
      'providers[1].baseUrl',
      'providers[1].model',
      'providers[2].id',
      'heartbeatUrl',
    ]);
  });

  test('do not follow from each other: a wrong value causes only its own mistake', () => {
    const wrong = { type: 'nope', apiKey: 'env:K', intervalSeconds: '900', completionEverySeconds: 30 };
    expect(mistakesOf({ providers: [wrong, wrong] }).map(({ path }) => path)).toEqual([
      'providers[0].type',
      'providers[0].intervalSeconds',
      'providers[1].type',
      'providers[1].intervalSeconds',
    ]);
    expect(
      mistakesOf({ defaults: { intervalSeconds: '900' }, providers: [{ ...OPENAI, completionEverySeconds: 30 }] }).map(
        ({ path }) => path,
      ),
    ).toEqual(['defaults.intervalSeconds']);
  });
});

describe('K1 a literal key', () => {
  test('is refused where a name is stored and shown', () => {
    const hex = 'sk-4f0d5c9be1a2437f8e6d1c0b9a8f7e6d';
    expect(linesOf({ providers: [{ ...OPENAI, id: hex, model: KEY, tags: ['chat', hex.slice(0, 32)] }] })).toEqual([
      `providers[0].id: ${PASTED}`,
      `providers[0].model: ${PASTED}`,
      `providers[0].tags[1]: ${PASTED}`,
    ]);
  });

  test.each([
    'id',
    'type',
    'model',
    'baseUrl',
    'apiKey',
    'maxTokens',
    'intervalSeconds',
    'probe',
    'tags',
    'enabled',
    'maintenance',
    'headers',
    'body',
  ])('is not repeated when it is put into "%s"', (field) => {
    for (const key of [KEY, '5f2b8c1d9e7a4b3c6d0f', 'a1b2c3d4e5f6.Zy9XwV8u', 'abcdefghijklMNOPQRST']) {
      const lines = linesOf({
        providers: [
          { ...OPENAI, [field]: key },
          { ...OPENAI, id: 'b', [field]: [key] },
        ],
      });
      expect(lines).not.toEqual([]);
      for (let from = 0; from + 12 <= key.length; from += 1) {
        expect(lines.join('\n')).not.toContain(key.slice(from, from + 12));
      }
    }
  });
});
