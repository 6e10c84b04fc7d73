/** Where the words of each party are from: its own documentation where it has some, else reports of those who met them. */

import type { Writer } from '../../../lib/failures/catalogue/all.ts';

interface Party {
  name: string;
  sources: string;
}

export const PARTIES: Readonly<Record<Writer, Party>> = {
  openai: {
    name: 'OpenAI',
    sources: 'developers.openai.com guides/error-codes; reports at simonw/llm, danny-avila/LibreChat',
  },
  azure: {
    name: 'Azure OpenAI',
    sources: 'learn.microsoft.com foundry troubleshoot-errors; reports at Aider-AI/aider',
  },
  anthropic: {
    name: "Anthropic's API",
    sources: 'platform.claude.com api/errors; reports at anthropics/claude-code, continuedev/continue',
  },
  claude: { name: 'Claude itself', sources: 'platform.claude.com api/rate-limits; reports at anthropics/claude-code' },
  gemini: {
    name: 'Gemini',
    sources: 'ai.google.dev generate-content/api-errors; google.rpc.ErrorInfo; reports at su-kaka/gcli2api',
  },
  vertex: { name: 'Vertex AI', sources: 'Google Cloud generative-ai api-errors' },
  bedrock: {
    name: 'Amazon Bedrock',
    sources: 'Bedrock user guide troubleshooting-api-error-codes; reports at strands-agents/harness-sdk',
  },
  cohere: { name: 'Cohere', sources: 'cohere-developer-experience fern/pages/cohere-api/errors.mdx' },
  mistral: { name: 'Mistral', sources: 'mistralai/platform-docs-public; reports at Kilo-Org/kilocode' },
  groq: { name: 'Groq', sources: 'console.groq.com docs/errors' },
  xai: { name: 'xAI', sources: 'docs.x.ai debugging; vercel/ai xai-error.ts' },
  together: { name: 'Together', sources: 'docs.together.ai error-codes' },
  fireworks: { name: 'Fireworks', sources: 'docs.fireworks.ai inference-error-codes; reports at BerriAI/litellm' },
  cerebras: { name: 'Cerebras', sources: 'inference-docs.cerebras.ai support/error' },
  sambanova: { name: 'SambaNova', sources: 'docs.sambanova.ai api-error-codes' },
  nvidia: { name: 'NVIDIA', sources: 'reports of users of integrate.api.nvidia.com' },
  huggingface: { name: 'Hugging Face', sources: 'huggingface.co docs inference-providers' },
  deepinfra: { name: 'DeepInfra', sources: 'reports of users behind gateways' },
  'other hosts': { name: 'Other hosts', sources: 'reports of users of Chutes and of the Vercel AI Gateway' },
  glm: { name: 'GLM (Zhipu, Z.ai)', sources: 'docs.bigmodel.cn api-code; docs.z.ai api-reference/api-code' },
  kimi: { name: 'Kimi (Moonshot)', sources: 'platform.kimi.ai api/errors' },
  qwen: { name: 'Qwen (Model Studio)', sources: 'help.aliyun.com error-code; alibabacloud.com rate-limit' },
  minimax: { name: 'MiniMax', sources: 'platform.minimax.io errorcode' },
  deepseek: { name: 'DeepSeek', sources: 'api-docs.deepseek.com error_codes; reports at continuedev/continue' },
  baidu: { name: 'Baidu Qianfan', sources: 'Baidu AI Cloud error codes; reports of users behind gateways' },
  siliconflow: { name: 'SiliconFlow', sources: 'reports of users behind gateways' },
  volcengine: { name: 'Volcengine Ark', sources: 'reports of users behind gateways' },
  openrouter: {
    name: 'OpenRouter',
    sources: 'openrouter.ai docs/api/errors; reports at open-webui, cline/cline, diegosouzapw/OmniRoute',
  },
  litellm: { name: 'LiteLLM', sources: 'docs.litellm.ai proxy/error_reference; reports at BerriAI/litellm' },
  portkey: { name: 'Portkey', sources: 'Portkey-AI/gateway src/handlers' },
  'one-api': { name: 'One API, New API', sources: 'reports at QuantumNous/new-api' },
  cloudflare: { name: 'Cloudflare Workers AI', sources: 'cloudflare/cloudflare-docs workers-ai-errors' },
  ollama: { name: 'Ollama', sources: 'ollama/ollama docs; reports of users of its cloud models' },
  lmstudio: { name: 'LM Studio', sources: 'reports of its users' },
  'llama.cpp': { name: "llama.cpp's server", sources: 'ggml-org/llama.cpp tools/server' },
};
