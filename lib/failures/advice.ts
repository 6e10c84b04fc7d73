/** What to do about a failure, in one line. */

import type { Category } from '../health/category.ts';

/** Advice for failures that need another fix than their category usually does. */
export const SPECIAL_ADVICE = {
  wait: 'Wait until the allowance renews, or raise it. Trying again before then does not help.',
  pay: "Add or correct the means of payment, or pay what is due, in the provider's billing settings.",
  cap: 'Raise the budget or spending limit, or wait until its period ends.',
  plan: 'Choose a plan that includes this, or another model.',
  url: 'Give the plan its own base URL, or choose a plan that includes this.',
  ban: "Ask the provider's support: the account or organization is blocked. Another key of it will not help.",
  verify: "Verify the organization in the provider's settings.",
  geo: 'Call from a country or region that the provider serves: move the monitor, or use another provider.',
  waf: 'A firewall before the API refused the monitor: have its address or User-Agent admitted, or correct baseUrl.',
  ask: "Ask for access to this model in the provider's console, or choose another.",
  on: "Switch the API on for this project in the provider's console.",
  clock: 'Set the clock of the machine that runs the monitor: AWS refuses signatures that are 5 minutes off its own.',
  role: 'Allow the identity that the message names this action on this model in IAM.',
  profile: 'Give the id of an inference profile as model, such as one that begins with "us." or "eu.".',
  filter: 'A content filter refused the prompt: the service is alive. Change the prompt or the filter.',
  token: 'Check the credentials in auth, and that the network lets the monitor reach the token endpoint.',
  https: 'Write https:// instead of http:// in baseUrl.',
} as const;

export type Advice = keyof typeof SPECIAL_ADVICE;

const USUAL: Record<Category, string> = {
  auth: 'Check the key: that it is whole, valid, and permitted to do this.',
  quota: 'Top up or raise the limit, or wait until the allowance renews. Trying again before then does not help.',
  rate_limited: 'Send fewer requests, or ask for a higher limit. It ends by itself.',
  overloaded: 'The provider is short of capacity. Use another one until it has recovered.',
  server_error: 'The provider failed. Use another one until it has recovered.',
  model_not_found: 'Choose a model that the provider still serves, as it writes its name.',
  bad_request: "Check the provider's own settings, such as body and maxTokens: the API refuses the request.",
  timeout: 'Use another provider until it has recovered, or raise timeoutSeconds if such answers usually take longer.',
  dns: 'Check the host in baseUrl, and the name service.',
  connect: 'Check host and port in baseUrl, and that the network lets the monitor out.',
  tls: 'Check the host in baseUrl, its certificate, and any proxy in between.',
  invalid_response: 'Check that baseUrl is this API, and that no proxy in between changes its answers.',
  too_large: 'Check that baseUrl is this API.',
  redirect: 'Write the final address as baseUrl.',
  config: 'Correct baseUrl, or the setting that the message names.',
};

/** One line on what to do. */
export function adviceFor(category: Category, special: Advice | null): string {
  return special === null ? USUAL[category] : SPECIAL_ADVICE[special];
}

/** What to do about a failed check, by what was recorded of it: its message says so where its category does not. */
export function adviceOn({ category, errorMessage }: { category: Category; errorMessage: string }): string {
  const special = Object.values(SPECIAL_ADVICE).find((advice) => errorMessage.endsWith(advice));
  return special ?? adviceFor(category, null);
}
