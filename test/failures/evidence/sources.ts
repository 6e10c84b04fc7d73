/**
 * Where each row of the catalogue is from. A party's rows are from the first of its places: its documentation, else its
 * source code, else reports of those who met them; but for those that are listed as met or as read in the code.
 */

import type { Writer } from '../../../lib/failures/catalogue/all.ts';
import { type Row, type Signature, signaturesOf } from '../../../lib/failures/signature.ts';

interface Party {
  name: string;
  /** Pages of its own. */
  docs?: string;
  /** Its server, or a client of its own. */
  code?: string;
  /** Public reports. */
  reports?: string;
  /** Of a party with documentation or code, the rows that only reports show. */
  reported?: readonly Row[];
  /** Of a party with documentation, the rows that only code shows. */
  coded?: readonly Row[];
}

const RESOLD = 'issues of gateways and clients that relay it';

export const PARTIES: Readonly<Record<Writer, Party>> = {
  openai: {
    name: 'OpenAI',
    docs: 'developers.openai.com guides/error-codes',
    reports: 'simonw/llm, danny-avila/LibreChat, yoshiko-pg/o3-search-mcp, users of Codex',
    reported: [
      '~insufficient_quota|~please check your billing|~organization must be verified',
      'model_not_found~organization must be verified|invalid_prompt~flagged',
    ],
  },
  azure: {
    name: 'Azure OpenAI',
    docs: 'learn.microsoft.com foundry troubleshoot-errors',
    reports: 'Aider-AI/aider, langgenius/dify, BerriAI/litellm, enricoros/big-AGI',
    reported: ['RateLimitReached~per 86400s|~content management policy'],
  },
  anthropic: {
    name: "Anthropic's API",
    docs: 'platform.claude.com api/errors',
    reports: 'anthropics/anthropic-sdk-typescript 618, anthropics/claude-code, continuedev/continue',
    reported: [
      '~api usage limits|~extra usage',
      '@400 ~spend limit',
      '~only authorized for use with claude code|~content filtering policy|api_error=overloaded',
      '@403 =request not allowed',
      '~our consumer terms',
    ],
  },
  claude: {
    name: 'Claude itself',
    docs: 'platform.claude.com api/rate-limits',
    reports: 'anthropics/claude-code',
    reported: ["@429 ~per-minute|~'s rate limit|~concurrent connections"],
  },
  gemini: {
    name: 'Gemini',
    docs: 'ai.google.dev generate-content/api-errors; google.rpc.ErrorInfo',
    reports: 'su-kaka/gcli2api, googleapis/python-genai, yym68686/uni-api',
    reported: [
      'PerDay|PerMinute|~monthly spending cap|RESOURCE_EXHAUSTED~per_day~per day|RESOURCE_EXHAUSTED~limit: 0',
      'FAILED_PRECONDITION~not allowed to use publisher model|PERMISSION_DENIED~dunning decision',
    ],
  },
  vertex: {
    name: 'Vertex AI',
    docs: 'Google Cloud generative-ai api-errors',
    reports: 'googleapis/google-cloud-java 11195',
    reported: ['RESOURCE_EXHAUSTED~try again later'],
  },
  bedrock: {
    name: 'Amazon Bedrock',
    docs: 'Bedrock user guide troubleshooting-api-error-codes',
    reports: 'strands-agents/harness-sdk, BerriAI/litellm',
    reported: [
      '~payment_instrument|~marketplace subscription|~on-demand throughput',
      '~provider as legacy|ValidationException=operation not allowed|~from unsupported countries',
      'FTUFormNotFilled|~use case details|~account is not authorized to invoke',
    ],
  },
  cohere: { name: 'Cohere', docs: 'cohere-developer-experience fern/pages/cohere-api/errors.mdx' },
  mistral: {
    name: 'Mistral',
    docs: 'mistralai/platform-docs-public',
    reports: 'Kilo-Org/kilocode, jordymeow/ai-engine',
    reported: ['~usage limit|1300~rate limit|tier_not_allowed'],
  },
  groq: { name: 'Groq', docs: 'console.groq.com docs/errors' },
  xai: {
    name: 'xAI',
    docs: 'docs.x.ai debugging',
    code: 'vercel/ai xai-error.ts',
    reports: 'issues of clients of its API',
    reported: ['~used all available credits', '~violates usage guidelines'],
    coded: ['The service is currently unavailable'],
  },
  together: {
    name: 'Together',
    docs: 'docs.together.ai error-codes',
    reports: 'togethercomputer/MoA',
    reported: ['credit_limit~per minute'],
  },
  fireworks: {
    name: 'Fireworks',
    docs: 'docs.fireworks.ai inference-error-codes',
    reports: 'BerriAI/litellm',
    reported: ['PRECONDITION_FAILED|~is suspended, possibly', '@412'],
  },
  cerebras: {
    name: 'Cerebras',
    docs: 'inference-docs.cerebras.ai support/error',
    reports: 'sandialabs/atlas-ui-3 111, explyt/explyt 35',
    reported: ['request_quota_exceeded~per day|token_quota_exceeded~per day|queue_exceeded'],
  },
  sambanova: { name: 'SambaNova', docs: 'docs.sambanova.ai api-error-codes' },
  nvidia: { name: 'NVIDIA', reports: 'users of integrate.api.nvidia.com' },
  huggingface: {
    name: 'Hugging Face',
    docs: 'huggingface.co docs inference-providers',
    reports: 'huggingface/agents-course 386, huggingface/huggingface.js 2225',
    reported: ['~monthly included credits|~not supported by provider'],
  },
  deepinfra: { name: 'DeepInfra', reports: RESOLD },
  'other hosts': {
    name: 'Other hosts',
    docs: 'Huawei Cloud maas-modelarts-0080; scaleway.com generative-apis understanding-errors; docs.llmgateway.io error-handling',
    reports: 'users of Chutes, the Vercel AI Gateway, iFlytek Spark, OpenCode Zen, GitHub Copilot and free-claude-code',
    reported: [
      'customer_verification_required|~positive credit balance|~appidnoautherror|~_api_key is not set',
      '~free tier can only be used|~access to this endpoint is forbidden',
    ],
  },
  glm: {
    name: 'GLM (Zhipu, Z.ai)',
    docs: 'docs.bigmodel.cn api-code; docs.z.ai api-reference/api-code',
    reports: RESOLD,
    reported: ['~insufficient balance or no resource|=404 not_found|1316'],
  },
  kimi: {
    name: 'Kimi (Moonshot)',
    docs: 'platform.kimi.ai api/errors',
    reports: RESOLD,
    reported: [
      'access_terminated_error~usage limit|access_terminated_error~billing cycle|access_terminated_error~coding agents',
      'rate_limit_reached_error~receiving too many',
    ],
  },
  qwen: {
    name: 'Qwen (Model Studio)',
    docs: 'help.aliyun.com error-code; alibabacloud.com rate-limit, coding-plan-faq',
    reports: RESOLD,
    reported: ['~exceeded your current quota'],
  },
  minimax: {
    name: 'MiniMax',
    docs: 'platform.minimax.io errorcode',
    reports: RESOLD,
    reported: ['(2064)|(2061)|(2062)'],
  },
  deepseek: {
    name: 'DeepSeek',
    docs: 'api-docs.deepseek.com error_codes',
    reports: 'continuedev/continue, 666ghj/BettaFish',
    reported: ['=content exists risk'],
  },
  baidu: {
    name: 'Baidu Qianfan',
    docs: 'Baidu AI Cloud error codes',
    reports: 'users of its API',
    reported: ['336003|336007|336103'],
  },
  siliconflow: { name: 'SiliconFlow', reports: RESOLD },
  volcengine: {
    name: 'Volcengine Ark',
    docs: 'volcengine.com docs 82379/1299023',
    reports: RESOLD,
    reported: ['SetLimitExceeded|QuotaExceeded'],
  },
  openrouter: {
    name: 'OpenRouter',
    docs: 'openrouter.ai docs/api/errors',
    reports: 'open-webui/computer 293, cline/cline, diegosouzapw/OmniRoute 3044',
    reported: ['~free-models-per-day|~key limit exceeded|upstream_provider_shared_pool|~rate-limited upstream'],
  },
  litellm: {
    name: 'LiteLLM',
    docs: 'docs.litellm.ai proxy/error_reference',
    code: 'BerriAI/litellm litellm/proxy and litellm/exceptions.py',
    reports: 'BerriAI/litellm',
    coded: [
      '~crossed budget|~exceeded budget|~contentpolicyviolationerror',
      "~llm provider not provided|~healthy deployments for this|~no 'model_name' with|~no deployments available",
      'no_db_connection|~invalid proxy server token|~no healthy deployment',
      '~api_key client option must be set',
    ],
    reported: ['~guardrail failed'],
  },
  portkey: { name: 'Portkey', code: 'Portkey-AI/gateway src/handlers' },
  'one-api': { name: 'One API, New API', reports: 'QuantumNous/new-api' },
  cliproxyapi: { name: 'CLIProxyAPI', reports: 'its users' },
  cloudflare: {
    name: 'Cloudflare Workers AI',
    docs: 'cloudflare/cloudflare-docs workers-ai-errors',
    reports: RESOLD,
    reported: ['e4006|e10000|e7000|e7003'],
  },
  ollama: {
    name: 'Ollama',
    docs: 'ollama/ollama docs',
    reports: 'users of its cloud models',
    reported: ['~requires a subscription'],
  },
  lmstudio: { name: 'LM Studio', reports: 'its users' },
  'llama.cpp': { name: "llama.cpp's server", code: 'ggml-org/llama.cpp tools/server' },
};

const NAMES = { docs: 'documentation', code: 'source code', reports: 'report' } as const;

/** What the source of a party's row is called. */
export function sourceOf(writer: Writer, signature: Signature): string {
  const { reported = [], coded = [], docs, code } = PARTIES[writer];
  const isIn = (rows: readonly Row[]) => namedIn(rows).some((one) => isSame(one, signature));
  if (isIn(reported)) return NAMES.reports;
  if (isIn(coded)) return NAMES.code;
  return docs !== undefined ? NAMES.docs : code !== undefined ? NAMES.code : NAMES.reports;
}

/** The places of a party, in words. */
export function placesOf(writer: Writer): string {
  const { docs, code, reports } = PARTIES[writer];
  const places = [docs && `Documentation: ${docs}`, code && `Source code: ${code}`, reports && `Reports: ${reports}`];
  return places.filter((place) => place !== undefined).join('. ');
}

/** The rows that a party lists as exceptions. */
export function exceptionsOf(writer: Writer): readonly Signature[] {
  const { reported = [], coded = [] } = PARTIES[writer];
  return namedIn([...reported, ...coded]);
}

export function isSame(one: Signature, other: Signature): boolean {
  return one.code === other.code && one.says === other.says && one.status === other.status;
}

/** They are written like rows; their category is not used. */
function namedIn(rows: readonly Row[]): Signature[] {
  return signaturesOf({ config: rows });
}

/** For the codes of any provider: who documents them, or answers with them. */
export const COMMON_SOURCES: Readonly<Record<string, string>> = {
  insufficient_quota: 'answers of OpenAI',
  billing_error: 'documentation of Anthropic',
  budget_exceeded: 'documentation of LiteLLM',
  exceeded_current_quota_error: 'documentation of Kimi',
  rate_limit_exceeded: 'answers of OpenAI and Groq',
  invalid_api_key: 'answers of OpenAI',
  model_not_found: 'answers of OpenAI',
  unknown_url: 'answers of OpenAI',
  slow_down: 'documentation of OpenAI',
  overloaded_error: 'documentation of Anthropic',
  service_unavailable_error: 'answers of DeepSeek',
  'finish:error': 'documentation of OpenRouter',
  'finish:network_error': 'source code of the client of Z.ai',
};
